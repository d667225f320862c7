import { assert, assertEqual } from "./assert.ts";
import { assertNotBroken, type ContractCall, inCall } from "./call.ts";
import type { ContractCase } from "./env.ts";
import { count, described, holdDescriptions, type Letter, localUfrag, type Side } from "./side.ts";

const garbage = "this is not SDP";

/** What happens to offers and answers while the call goes on. */
export const negotiationCases: readonly ContractCase[] = [
  {
    name: "an ICE restart changes the credentials of both sides and the call stays connected",
    run: (env) =>
      inCall(env, async (call) => {
        const before = [call.caller, call.callee].map(localUfrag);
        call.callee.peer.restartIce();
        await call.until(() => described(call.caller).length === 2, "the answer");
        await call.connected();
        const after = [call.caller, call.callee].map(localUfrag);
        assert(before[0] !== after[0] && before[1] !== after[1], "new credentials on both sides");
        assertEqual(described(call.callee), ["answer 1", "offer 1"], "the callee's descriptions");
        await stillTalks(call);
      }),
  },
  {
    name: "an ICE restart of a call without media is told as connected again on both sides",
    run: (env) =>
      inCall(env, async (call) => {
        const sides = [call.caller, call.callee];
        for (const { peer } of sides) peer.restartIce();
        await call.until(() => sides.every((side) => count(side, "peer.connected") > 1), "connected again");
        assertNotBroken(call);
      }),
  },
  {
    name: "43: when both sides restart ICE at once one offer wins and both end stable",
    run: (env) =>
      inCall(env, async (call) => {
        const before = [call.caller, call.callee].map(localUfrag);
        call.caller.peer.restartIce();
        call.callee.peer.restartIce();
        await call.until(() => described(call.callee).includes("answer 2"), "the polite side answers");
        await call.connected();
        const after = [call.caller, call.callee].map(localUfrag);
        assert(before[0] !== after[0] && before[1] !== after[1], "new credentials on both sides");
        assertEqual(described(call.caller), ["offer 1", "offer 2"], "the caller's descriptions");
        await stillTalks(call);
      }),
  },
  {
    name: "an answer to an old offer changes nothing",
    run: (env) =>
      inCall(env, async (call) => {
        const old = lastAnswer(call.callee);
        const held: Letter[] = [];
        holdDescriptions(call.callee, held);
        call.caller.peer.restartIce();
        await call.until(() => held.length === 1, "the answer is held");
        call.caller.deliver(old);
        for (const letter of held) call.caller.deliver(letter);
        await call.connected();
        call.caller.deliver(old);
        await stillTalks(call);
        assertEqual(described(call.caller), ["offer 1", "offer 2"], "the caller's descriptions");
      }),
  },
  {
    name: "an offer that comes again is answered with the same answer",
    run: (env) =>
      inCall(env, async (call) => {
        const first = call.caller.events.find((event) => event.type === "peer.described");
        assert(first?.type === "peer.described", "an offer");
        call.callee.deliver({ type: "description", description: first.description });
        await call.until(() => described(call.callee).length === 2, "the answer again");
        assertEqual(described(call.callee), ["answer 1", "answer 1"], "the callee's descriptions");
        await stillTalks(call);
      }),
  },
  {
    name: "46: an offer that cannot be applied is rejected and the call goes on",
    run: (env) =>
      inCall(env, async (call) => {
        call.caller.filter = (letter) =>
          letter.type === "description"
            ? [{ type: "description", description: { ...letter.description, sdp: garbage } }]
            : [letter];
        call.caller.peer.restartIce();
        await call.until(() => described(call.callee).includes("reject 2"), "the rejection");
        await call.connected();
        await stillTalks(call);
        call.caller.filter = (letter) => [letter];
        call.caller.peer.restartIce();
        await call.until(() => described(call.callee).includes("answer 3"), "the next offer is answered");
        await call.connected();
        await stillTalks(call);
      }),
  },
  {
    name: "an answer that comes while nothing was offered changes nothing",
    run: (env) =>
      inCall(env, async (call) => {
        const sdp = garbage;
        call.caller.peer.apply({ type: "answer", sdp, generation: 1, offerNumber: 99, iceRestart: false });
        call.caller.peer.apply({ type: "offer", sdp, generation: 7, offerNumber: 1, iceRestart: false });
        await stillTalks(call);
        assertEqual(described(call.caller), ["offer 1"], "the caller's descriptions");
      }),
  },
];

async function stillTalks(call: ContractCall): Promise<void> {
  const before = call.callee.chats.length;
  call.caller.peer.sendChat("still there?");
  await call.until(() => call.callee.chats.length === before + 1, "a chat message passes");
  assertNotBroken(call);
  assertEqual(count(call.caller, "peer.failed") + count(call.callee, "peer.failed"), 0, "failures");
}

function lastAnswer(side: Side): Letter {
  const event = side.events.findLast(
    (one) => one.type === "peer.described" && one.description.type === "answer",
  );
  assert(event?.type === "peer.described", "an answer");
  return { type: "description", description: event.description };
}
