import type { PeerEvent, PeerHandle, PeerOptions } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { createPeerPort, type PeerPortOptions, type Peers } from "./create-peer-port.ts";
import type { LocalTracks } from "./media-lines.ts";
import { callId, deadlineMs, pass } from "./testing/fake-call.ts";
import { createFakeNetwork, createFakeTrack, createManualClock, until } from "./testing/index.ts";

/** One end of a call as its machine has it: every connection that a rebuild opened, the newest one last. */
interface End {
  readonly port: Peers;
  readonly handles: PeerHandle[];
  readonly events: { readonly generation: number; readonly event: PeerEvent }[];
  readonly chats: string[];
  readonly tracks: string[];
  tracksToSend: LocalTracks;
  open(options: Pick<PeerOptions, "generation" | "offer">): PeerHandle;
}

/** Both ends; each sends to the newest connection of the other, as machines do. */
function openEnds(platform: Partial<PeerPortOptions> = {}) {
  const network = createFakeNetwork();
  const clock = createManualClock();
  const create = (polite: boolean, other: () => End): End => {
    const events: End["events"] = [];
    const chats: string[] = [];
    const tracks: string[] = [];
    const handles: PeerHandle[] = [];
    const port = createPeerPort({
      createConnection: network.createConnection,
      getIceServers: () => [],
      localTracks: () => end.tracksToSend,
      onChat: (_callId, { text }) => chats.push(text),
      onRemoteTrack: (_callId, _track, kind) => tracks.push(kind),
      clock,
      random: () => 0,
      ...platform,
    });
    const end: End = {
      port,
      handles,
      events,
      chats,
      tracks,
      tracksToSend: {},
      open({ generation, offer }) {
        const handle = port.open({ callId, polite, offer, generation }, (event) => {
          events.push({ generation, event });
          queueMicrotask(() => {
            if (event.type === "peer.described") other().handles.at(-1)?.apply(event.description);
            if (event.type === "peer.candidates") other().handles.at(-1)?.addCandidates(event.candidates);
          });
        });
        handles.push(handle);
        return handle;
      },
    };
    return end;
  };
  const callee: End = create(true, () => caller);
  const caller: End = create(false, () => callee);
  return { network, clock, caller, callee };
}

const isUp = ({ port }: End) =>
  port.get(callId)?.states().connection === "connected" && port.get(callId)?.states().chat === "open";
const bothUp = (ends: readonly End[]) => until(() => ends.every(isUp), deadlineMs, "connected");
const types = ({ events }: End, generation: number) =>
  events.flatMap((one) => (one.generation === generation ? [one.event.type] : []));

/** As the runtime does: the connection before goes first. */
function rebuild(end: End, generation: number, offer: boolean) {
  end.handles.at(-1)?.close();
  end.open({ generation, offer });
}

test("a rebuilt connection sends the tracks of now, and is where text goes and comes from", async () => {
  const { caller, callee, network } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  const microphone = createFakeTrack("audio");
  caller.tracksToSend = { microphone };
  rebuild(callee, 2, false);
  rebuild(caller, 2, true);
  await bothUp([caller, callee]);
  const last = network.connections.at(-1);
  await until(() => last?.getTransceivers()[0]?.sender.track === microphone, deadlineMs, "attached");
  caller.port.get(callId)?.sendChat("over the new one");
  await until(() => callee.chats.length === 1, deadlineMs, "text");
  expect(callee.tracks).toEqual(["audio", "video", "audio", "video"]);
  expect([network.connections.length, network.openCount]).toEqual([4, 2]);
});

test("52: a peer that cannot restart ICE is told as stuck, the session goes on, and generation 2 connects", async () => {
  const { caller, callee } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  const [handle] = callee.handles;
  callee.handles.push({
    ...(handle ?? callee.open({ generation: 1, offer: false })),
    apply({ generation, offerNumber, iceRestart }) {
      const reject = { type: "reject" as const, sdp: "", generation, offerNumber, iceRestart };
      caller.handles.at(-1)?.apply(reject);
    },
  });
  caller.handles[0]?.restartIce();
  await until(() => types(caller, 1).includes("peer.stuck"), deadlineMs, "stuck");
  expect([caller, callee].every(isUp)).toBe(true);
  rebuild(callee, 2, false);
  rebuild(caller, 2, true);
  await bothUp([caller, callee]);
  expect(types(caller, 2)).not.toContain("peer.stuck");
});

test("53: both rebuild at once: the impolite side's offer makes one pair, and the ones before are closed", async () => {
  const { caller, callee, network } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  rebuild(callee, 2, true);
  rebuild(caller, 2, true);
  await bothUp([caller, callee]);
  expect(network.connections.map(({ isClosed }) => isClosed)).toEqual([true, true, false, false]);
  const described = ({ events }: End) =>
    events.flatMap(({ generation, event }) =>
      generation === 2 && event.type === "peer.described" ? [event.description.type] : [],
    );
  expect([described(caller), described(callee)]).toEqual([["offer"], ["offer", "answer"]]);
});

test("54: a late result of a connection that is closed is ignored, and the next one is untouched", async () => {
  const late = Promise.withResolvers<void>();
  const { caller, callee, network, clock } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  const [, first] = network.connections;
  const createOffer = first?.createOffer.bind(first);
  const made = createOffer?.();
  if (first !== undefined && made !== undefined) {
    const offer = await made;
    first.createOffer = () => late.promise.then(() => offer);
  }
  caller.handles[0]?.restartIce();
  await pass({ clock }, 250);
  rebuild(callee, 2, false);
  rebuild(caller, 2, true);
  await bothUp([caller, callee]);
  const before = caller.events.length;
  late.resolve();
  await pass({ clock }, 250);
  expect(caller.events.slice(before).filter(({ generation }) => generation === 1)).toEqual([]);
  expect([isUp(caller), types(caller, 2).at(-1)]).toEqual([true, "peer.connected"]);
});

test("55: what the control channel of a replaced connection says is ignored, closed or not", async () => {
  const { caller, callee, network, clock } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  const [callers] = caller.handles;
  callee.open({ generation: 2, offer: false });
  const before = callee.events.length;
  const state = { revision: 9, microphone: false, camera: false, onHold: false };
  callers?.say({ type: "mediaState", state });
  callers?.say({ type: "bye", reason: "hung-up" });
  await pass({ clock }, 250);
  callee.handles[0]?.close();
  callers?.say({ type: "mediaState", state });
  caller.handles[0]?.close();
  caller.open({ generation: 2, offer: true });
  await bothUp([caller, callee]);
  const control = callee.events.slice(before).filter(({ event }) => /bye|mediaState/.test(event.type));
  expect([control, network.connections.filter(({ isClosed }) => !isClosed).length <= 3]).toEqual([[], true]);
  caller.handles.at(-1)?.say({ type: "mediaState", state });
  await until(() => types(callee, 2).includes("peer.mediaState"), deadlineMs, "the state");
});

test("67: a rebuilt connection waits for fresh credentials before it makes its offer, the first one does not", async () => {
  const fresh = Promise.withResolvers<readonly RTCIceServer[] | undefined>();
  let asked = 0;
  const { caller, network, clock } = openEnds({
    freshIceServers() {
      asked++;
      return fresh.promise;
    },
  });
  caller.open({ generation: 1, offer: true });
  await until(() => types(caller, 1).includes("peer.described"), deadlineMs, "an offer");
  expect(asked).toBe(0);
  rebuild(caller, 2, true);
  await pass({ clock }, 1_500);
  expect([asked, types(caller, 2)]).toEqual([1, []]);
  fresh.resolve([{ urls: "stun:fresh" }]);
  await until(() => types(caller, 2).includes("peer.described"), deadlineMs, "an offer");
  expect(network.connections.at(-1)?.configuration.iceServers).toEqual([{ urls: "stun:fresh" }]);
});

test("fresh servers are given to every open connection", () => {
  const { caller, network } = openEnds();
  caller.open({ generation: 1, offer: true });
  caller.port.setIceServers([{ urls: "stun:b" }]);
  caller.handles[0]?.close();
  caller.port.setIceServers([{ urls: "stun:c" }]);
  expect(network.connections[0]?.configuration.iceServers).toEqual([{ urls: "stun:b" }]);
});

test("a connection that the platform closes by itself asks for a rebuild", async () => {
  const { caller, callee, network } = openEnds();
  callee.open({ generation: 1, offer: false });
  caller.open({ generation: 1, offer: true });
  await bothUp([caller, callee]);
  network.connections[1]?.crash();
  expect(types(caller, 1).at(-1)).toBe("peer.stuck");
});
