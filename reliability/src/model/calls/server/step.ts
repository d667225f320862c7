import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { fromHex } from "@peerline/call-machine/wire";
import {
  type CallState,
  type CommandResult,
  CommandResultSchema,
  CommandSchema,
  ReceiveRequestSchema,
} from "@peerline/protocol";
import { ServerError } from "@peerline/server";
import {
  attach,
  type CommandScene,
  decideCall,
  errorDetail,
  runCommand,
  type Scene,
  userKey,
} from "@peerline/server/testing";
import { type Actor, actorAt, endpointIdOf, keyOf } from "../names.ts";
import { recordFaults } from "../record-faults.ts";
import { nowMs, sceneOf } from "./scene.ts";
import { recordsOf, type ServerInput, type ServerState } from "./state.ts";
import { createAttempt, epochHex, type Mail } from "./transaction.ts";

export interface ServerStep {
  readonly server: ServerState;
  readonly mail: readonly Mail[];
  readonly result?: CommandResult;
  /** Of a Hello that does not resume. */
  readonly snapshot?: readonly CallState[];
  readonly faults: readonly string[];
}

/** Where a rule of the server can be taken out. */
export interface ServerSeams {
  /** Runs a command; `proceed` is the server's own way. */
  readonly run: (
    scene: CommandScene,
    action: CommandAction,
    proceed: typeof runCommand,
  ) => ReturnType<typeof runCommand>;
  /** Whether an event is put into the mailbox. */
  readonly appends: (action: CommandAction | undefined, to: Actor, bytes: Uint8Array) => boolean;
}

export const serverSeams: ServerSeams = {
  run: (scene, action, proceed) => proceed(scene, action),
  appends: () => true,
};

/** The server's own commands, attachments and deadlines over a transaction in memory. */
export async function stepServer(
  actors: readonly Actor[],
  seams: ServerSeams,
  server: ServerState,
  input: ServerInput,
): Promise<ServerStep> {
  const attempt = createAttempt(actors, server, input);
  const scene = sceneOf(actors, attempt, server, input);
  const answer = await run(actors, seams, server, scene, input);
  const after: ServerState = { ...server, values: attempt.values };
  const action = input.type === "command" ? input.action : undefined;
  const mail = attempt.mail.filter(({ to, bytes }) => seams.appends(action, actorAt(actors, to), bytes));
  const acting = "from" in input ? keyOf(actorAt(actors, input.from)) : undefined;
  return { server: after, mail, faults: recordFaults(server, after, input, acting), ...answer };
}

async function run(
  actors: readonly Actor[],
  seams: ServerSeams,
  server: ServerState,
  scene: Scene,
  input: ServerInput,
): Promise<Pick<ServerStep, "result" | "snapshot">> {
  switch (input.type) {
    case "command":
      return { result: await execute(actors, seams, scene, input) };
    case "hello": {
      const actor = actorAt(actors, input.from);
      const attached = await attach(
        scene,
        identityOf(actor),
        keyOf(actor),
        receiveRequest(actor, input.resumed),
      );
      return attached.snapshot ? { snapshot: attached.snapshot } : {};
    }
    case "ringExpired":
      await decideCall(scene, input.callId, { type: "ringExpired", at: scene.now });
      return {};
    case "lost":
      for (const { callId } of recordsOf(server)) {
        const key = keyOf(actorAt(actors, input.from));
        await decideCall(scene, callId, { type: "endpointLost", at: scene.now, key });
      }
      return {};
  }
}

async function execute(
  actors: readonly Actor[],
  seams: ServerSeams,
  scene: Scene,
  { from, action }: Extract<ServerInput, { type: "command" }>,
): Promise<CommandResult> {
  const actor = actorAt(actors, from);
  const user = await scene.transaction.get(userKey(actor.user));
  const endpoint = user?.endpoints.find(({ key }) => key === keyOf(actor));
  if (!endpoint) throw new Error(`${actor.label} sends without being attached`);
  const commandScene: CommandScene = { ...scene, identity: identityOf(actor), key: keyOf(actor), endpoint };
  const result = create(CommandResultSchema, {});
  try {
    const outcome = await seams.run(commandScene, overTheWire(action), runCommand);
    result.applied = outcome.applied;
    if (outcome.state) result.state = outcome.state;
    if (outcome.ticket) result.ticket = outcome.ticket;
  } catch (reason) {
    if (!(reason instanceof ServerError)) throw reason;
    result.error = errorDetail(reason);
  }
  return result;
}

/** The server changes the messages that it is given. */
function overTheWire(action: CommandAction): CommandAction {
  const bytes = toBinary(CommandSchema, create(CommandSchema, { action }));
  return fromBinary(CommandSchema, bytes).action as CommandAction;
}

function receiveRequest(actor: Actor, resumed: boolean) {
  return create(ReceiveRequestSchema, {
    endpointId: endpointIdOf(actor),
    client: { protocolMin: 1, protocolMax: 1, product: "model" },
    ...(resumed && { resume: { epoch: fromHex(epochHex), offset: 0n } }),
  });
}

function identityOf({ user }: Actor) {
  const scopes = { place: true, receive: true, presence: true };
  return { user, displayName: user, scopes, expiresAt: nowMs * 2 };
}
