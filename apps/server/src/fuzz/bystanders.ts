import { create } from "@bufbuild/protobuf";
import { type CallState, MediaStateSchema } from "@peerline/protocol";
import { accept, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import type { Harness } from "../testing/harness.ts";

/** Two people in an accepted call, who must not notice what others try. */
export interface Bystanders {
  readonly ada: TestEndpoint;
  readonly bob: TestEndpoint;
  readonly callId: Uint8Array<ArrayBuffer>;
  /** The ticket of the accepted call. */
  readonly ticket: Uint8Array;
  /** What the server holds for each of the two: the tops of their mailboxes, and their calls as a snapshot has them. */
  look(): Promise<readonly Look[]>;
  /** Each says that it lives, as a client does every 10 s. */
  live(): Promise<void>;
  /** Each signals to the other. Rejects when the other does not hear exactly that. */
  talk(): Promise<void>;
}

export interface Look {
  readonly topOffset: bigint;
  readonly calls: readonly CallState[];
}

/** The two sign in as "ada" and "bob", and their call is accepted. */
export async function openBystanders(harness: Harness): Promise<Bystanders> {
  const ada = await harness.open("ada");
  const bob = await harness.open("bob");
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  const { ticket } = await bob.run(accept(callId));
  let revision = 0;

  const talkOver = async (from: TestEndpoint, to: TestEndpoint) => {
    const state = create(MediaStateSchema, { callId, revision: ++revision });
    await from.run({ case: "mediaState", value: state });
    const heard = await to.event("mediaState");
    if (heard.revision !== revision) throw new Error(`${to.user} heard ${heard.revision}, not ${revision}`);
    to.events.length = 0;
  };
  const liveOn = async (endpoint: TestEndpoint) => {
    const { topOffset } = await endpoint.sendRaw([]);
    const heartbeat = { calls: [{ callId, mediaAlive: true }] };
    await endpoint.sendRaw([], { heartbeat, ackOffset: topOffset });
  };
  const lookAt = async (endpoint: TestEndpoint): Promise<Look> => {
    const { topOffset } = await endpoint.sendRaw([]);
    return { topOffset, calls: (await endpoint.reopen()).snapshot?.calls ?? [] };
  };
  return {
    ada,
    bob,
    callId,
    ticket,
    look: async () => [await lookAt(ada), await lookAt(bob)],
    async live() {
      await liveOn(ada);
      await liveOn(bob);
    },
    async talk() {
      await talkOver(ada, bob);
      await talkOver(bob, ada);
    },
  };
}
