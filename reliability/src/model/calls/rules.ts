import type { CommandAction } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { EndReason } from "@peerline/protocol";
import { type Key, ServerError, type Transaction } from "@peerline/server";
import { type CallEntry, type CommandScene, callKey, userKey } from "@peerline/server/testing";
import { glare, onePhone, twoEndpoints } from "../worlds.ts";
import type { ClientSeams, ModelCall, SessionEffect, SessionEvent } from "./client.ts";
import type { ServerSeams } from "./server/step.ts";
import type { CallWorldOptions } from "./world.ts";

/** A rule of the protocol, how it is taken out at the seams, and what goes wrong without it. */
export interface Rule {
  readonly name: string;
  /** The smallest world that misses it. */
  readonly world: CallWorldOptions;
  readonly off: Pick<CallWorldOptions, "client" | "server">;
  /** The beginning of the violation. */
  readonly breaks: RegExp;
}

const quiet: CallWorldOptions = { ...twoEndpoints, alerts: false };
const phone: CallWorldOptions = { ...onePhone, alerts: false };
const onePhoneWiped: CallWorldOptions = { ...phone, wipes: 1 };

/** The caller does not hang up before the call is accepted. */
const lateHangUp: CallWorldOptions = {
  ...phone,
  wipes: 1,
  client: {
    wishes: ({ type }, call) => type !== "user.hangUp" || !call.matches("outgoing"),
  },
};

/** PROTOCOL D1, D2, D8, D10, 2.3 rows 12, 20, 23, 33 to 36, and section 6 (6). */
export const rules: readonly Rule[] = [
  {
    name: "D1: the first Accept wins (compare and set)",
    world: quiet,
    off: { server: { run: withStaleAccept } },
    breaks: /^1: |^2: /,
  },
  {
    name: "D2: one verb End (a Cancel that is void once the call is accepted)",
    world: phone,
    // The End that follows the Accepted of a call that is over here would save it.
    off: { server: { run: withCancel }, client: withoutSecondEnd() },
    breaks: /^30: only a lease/,
  },
  {
    name: "2.3 row 20: an abandoned Accept is taken back",
    world: phone,
    off: { client: withoutCompensation() },
    breaks: /^30: only a lease/,
  },
  {
    name: "2.3 rows 12, 36: a call that ended here is ended again",
    world: onePhoneWiped,
    off: { client: { carriesOut: (effect, { type }) => effect.type !== "signal" || !isNewTruth(type) } },
    breaks: /^30: /,
  },
  {
    name: "D8: the End of a forgotten call leaves a mark",
    world: lateHangUp,
    off: { server: { run: withoutMarks }, client: withoutSecondEnd() },
    breaks: /^30: /,
  },
  {
    name: "2.3 row 33: the parties of an accepted call attach it again",
    world: onePhoneWiped,
    off: { client: withoutCommand("reattach") },
    breaks: /^30: .* is established in a call that the server does not know/,
  },
  {
    name: "2.3 row 35: the Invite of a forgotten call is issued again",
    world: onePhoneWiped,
    off: {
      client: {
        carriesOutOfCall: (effect, because) =>
          !(
            effect.type === "signal" &&
            effect.command.type === "invite" &&
            because?.type === "server.synced"
          ),
      },
    },
    breaks: /^30: ann is outgoing in a call that the server does not know/,
  },
  {
    name: "2.3 row 23: a call that does not come back within 5 s stops ringing",
    world: onePhoneWiped,
    off: {
      client: { carriesOutOfCall: (effect) => !(effect.type === "timer.start" && effect.id === "window") },
    },
    breaks: /^30: bob's phone is ringing in a call that the server/,
  },
  {
    name: "2.3 row 22: a call that the server forgot does not close while its Accept is on the way",
    world: { ...onePhoneWiped, outlivesWipes: true },
    off: {
      client: { hears: (event, _session, calls) => ({ event, also: closedWhileAccepting(event, calls) }) },
    },
    breaks: /^31: a call ended that nobody meant to end/,
  },
  {
    name: "section 6 (6): a call that was attached again is announced to the winner too",
    world: onePhoneWiped,
    off: { server: { appends: (action, to) => action?.case !== "reattach" || to.label === "ann" } },
    breaks: /^29: |^30: /,
  },
  {
    name: "D10: of two calls that cross the first lives",
    world: glare,
    off: { server: { run: withoutCrossing } },
    breaks: /^33: |^12: |^30: /,
  },
];

type Run = ServerSeams["run"];

/** The scene as if the values were others. */
function seen(scene: CommandScene, change: (name: string, value: unknown) => unknown): CommandScene {
  const { transaction } = scene;
  const changed: Transaction = {
    ...transaction,
    async get<T>(key: Key<T>) {
      return change(key.name, await transaction.get(key)) as T | undefined;
    },
  };
  return { ...scene, transaction: changed };
}

function withStaleAccept(
  scene: CommandScene,
  action: CommandAction,
  proceed: Parameters<Run>[2],
): ReturnType<Run> {
  if (action.case !== "accept") return proceed(scene, action);
  const name = callKey(toHex(action.value.callId)).name;
  const stale = seen(scene, (key, value) =>
    key === name && value ? ringingAgain(value as CallEntry) : value,
  );
  return proceed(stale, action);
}

function ringingAgain(entry: CallEntry): CallEntry {
  if (entry.record.phase !== "active") return entry;
  return { ...entry, record: { ...entry.record, phase: "ringing", accepted: undefined } };
}

async function withCancel(
  scene: CommandScene,
  action: CommandAction,
  proceed: Parameters<Run>[2],
): ReturnType<Run> {
  if (action.case !== "end" || action.value.reason !== EndReason.CANCELLED)
    return await proceed(scene, action);
  const entry = await scene.transaction.get(callKey(toHex(action.value.callId)));
  return entry?.record.phase === "active" ? { applied: false } : await proceed(scene, action);
}

async function withoutMarks(
  scene: CommandScene,
  action: CommandAction,
  proceed: Parameters<Run>[2],
): ReturnType<Run> {
  const isEnd = action.case === "end";
  const entry = isEnd ? await scene.transaction.get(callKey(toHex(action.value.callId))) : undefined;
  if (isEnd && !entry) throw new ServerError("no-such-call", "There is no such call. End it locally.");
  return await proceed(scene, action);
}

function withoutCrossing(
  scene: CommandScene,
  action: CommandAction,
  proceed: Parameters<Run>[2],
): ReturnType<Run> {
  if (action.case !== "invite") return proceed(scene, action);
  const own = userKey(scene.identity.user).name;
  return proceed(
    seen(scene, (name, value) => (name === own && value ? { ...value, calls: [] } : value)),
    action,
  );
}

function isNewTruth(type: string): boolean {
  return type === "remote.incoming" || type === "link.synced";
}

/** Not the End that answers an Accepted of a call that is over here. */
function withoutSecondEnd(): Partial<ClientSeams> {
  return { carriesOut: (effect, { type }) => effect.type !== "signal" || type !== "remote.signalled" };
}

/** The window passes for a call whose Accept is queued or in flight, when the server does not show it. */
function closedWhileAccepting(
  event: SessionEvent,
  calls: ReadonlyMap<string, ModelCall>,
): readonly SessionEffect[] {
  if (event.type !== "link.synced") return [];
  const accepting = [...calls.values()].filter(({ snapshot }) =>
    snapshot.matches({ incoming: { accepting: "confirming" } }),
  );
  const absent = accepting.filter(({ callId }) => !event.calls.some((call) => call.callId === callId));
  return absent.map(({ callId }) => ({ type: "call.deliver", callId, event: { type: "timer.window" } }));
}

function withoutCommand(type: string): Partial<ClientSeams> {
  return { carriesOutOfCall: (effect) => !(effect.type === "signal" && effect.command.type === type) };
}

/** Neither the End behind the Accept, nor the one that follows its late success. */
function withoutCompensation(): Partial<ClientSeams> {
  return {
    carriesOut: (effect, { type }) => effect.type !== "signal" || type !== "remote.signalled",
    carriesOutOfCall: (effect, because, call) =>
      !(
        effect.type === "signal" &&
        effect.command.type === "end" &&
        because?.type === "user.hangUp" &&
        call.context.role === "callee" &&
        call.context.rev <= 1
      ),
  };
}
