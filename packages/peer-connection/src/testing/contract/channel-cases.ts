import { assert, assertEqual } from "./assert.ts";
import { inCall } from "./call.ts";
import type { ContractCase } from "./env.ts";
import { count, described } from "./side.ts";

/** What travels beside the media, and what is known about it. */
export const channelCases: readonly ContractCase[] = [
  {
    name: "chat passes both ways, in order",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        const sent = ["one", "two", "drei – три – 三"].map((text) => caller.peer.sendChat(text));
        const back = callee.peer.sendChat("back");
        await until(() => callee.chats.length === 3 && caller.chats.length === 1, "the messages");
        assertEqual(callee.chats, sent, "what the callee read");
        assertEqual(caller.chats, [back], "what the caller read");
      }),
  },
  {
    name: "a bye said just before close arrives, and then the connection is closed",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        caller.peer.say({ type: "bye", reason: "hung-up" });
        caller.peer.close();
        await until(() => count(callee, "peer.bye") === 1, "the bye");
        assertEqual(callee.events.at(-1), { type: "peer.bye", reason: "hung-up" }, "the callee's last event");
        await until(() => caller.connection.signalingState === "closed", "the caller's connection is closed");
      }),
  },
  {
    name: "the media state passes over the control channel",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        const state = { revision: 3, microphone: true, camera: false, onHold: true };
        caller.peer.say({ type: "mediaState", state });
        await until(() => count(callee, "peer.mediaState") === 1, "the state");
        const got = callee.events.find(({ type }) => type === "peer.mediaState");
        assertEqual(got, { type: "peer.mediaState", state }, "the state");
      }),
  },
  {
    name: "tracks are attached, swapped and detached without a renegotiation",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        const microphone = await env.createTrack("audio");
        const other = await env.createTrack("audio");
        const camera = await env.createTrack("video");
        const sent = () => caller.connection.getTransceivers().map(({ sender }) => sender.track?.id ?? null);
        caller.peer.setTracks({ microphone: microphone.track, camera: camera.track });
        await until(() => sent().join() === [microphone, camera].map(({ track }) => track.id).join(), "both");
        caller.peer.setTracks({ microphone: other.track });
        await until(() => sent().join() === `${other.track.id},`, "the other microphone alone");
        caller.peer.setTracks({});
        await until(() => sent().join() === ",", "nothing");
        for (const { stop } of [microphone, other, camera]) stop();
        assertEqual([described(caller), described(callee)], [["offer 1"], ["answer 1"]], "the descriptions");
      }),
  },
  {
    name: "sound attached in the middle of a call arrives",
    needs: "media",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        const microphone = await env.createTrack("audio");
        caller.peer.setTracks({ microphone: microphone.track });
        await until(async () => ((await callee.peer.stats())?.audioIn?.packets ?? 0) > 0, "packets");
        microphone.stop();
      }),
  },
  {
    name: "statistics name the selected pair, and are gone after close",
    run: (env) =>
      inCall(env, async ({ caller, until }) => {
        await until(async () => (await caller.peer.stats())?.selectedPair !== undefined, "a selected pair");
        const pair = (await caller.peer.stats())?.selectedPair;
        assertEqual([pair?.protocol, pair?.path], ["udp", "direct"], "the pair");
        caller.peer.close();
        assert((await caller.peer.stats()) === undefined, "no statistics after close");
      }),
  },
];
