import { nodeRtc } from "../../apps/bot/src/rtc.ts";
import { syntheticMedia } from "../../apps/bot/src/synthetic-media.ts";
import { type Holdings, settledHoldings } from "./holdings.ts";

/**
 * `node --expose-gc bare-connections.ts <pairs> <pairs before the baseline>`: pairs of libwebrtc's connections in a row,
 * of the shape that a call has and without anything of Peerline's but the way in which they are let go. Prints one line of
 * JSON: what was left after the first ones and after the last.
 */
const [pairs = "0", warmUp = "0"] = process.argv.slice(2);
const media = syntheticMedia();
const idle = nodeRtc.createConnection({});
const labels = ["control", "chat"];
const open = new Set<RTCPeerConnection>();

process.stdout.write("connecting\n");

let before: Holdings | undefined;
for (let pair = 0; pair < Number(pairs); pair++) {
  if (pair === Number(warmUp)) before = await settledHoldings(() => open.size);
  await connectOnce();
}
process.stdout.write(`${JSON.stringify({ before, after: await settledHoldings(() => open.size) })}\n`);
idle.close();
process.exit();

async function connectOnce(): Promise<void> {
  const [one, other] = [nodeRtc.createConnection({}), nodeRtc.createConnection({})];
  for (const connection of [one, other]) open.add(connection);
  for (const kind of ["audio", "video"]) one.addTransceiver(kind, { direction: "sendrecv" });
  const channels = [one, other].flatMap((connection) =>
    labels.map((label, id) => connection.createDataChannel(label, { negotiated: true, id })),
  );
  const opened = channels.map(
    (channel) => new Promise((resolve) => channel.addEventListener("open", resolve)),
  );
  passCandidates(one, other);
  passCandidates(other, one);
  const offer = await one.createOffer();
  await one.setLocalDescription(offer);
  await other.setRemoteDescription(offer);
  const answer = await other.createAnswer();
  await other.setLocalDescription(answer);
  await one.setRemoteDescription(answer);
  const microphones = await Promise.all([one, other].map(sendSound));
  await Promise.all(opened);
  for (const connection of [one, other]) {
    connection.close();
    open.delete(connection);
  }
  for (const microphone of microphones) microphone?.stop();
}

function passCandidates(from: RTCPeerConnection, to: RTCPeerConnection): void {
  from.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate && open.has(to)) void to.addIceCandidate(candidate).catch(() => undefined);
  });
}

/** Touches every sender and receiver, as a call does: each has an object of its own then. */
async function sendSound(connection: RTCPeerConnection): Promise<MediaStreamTrack | undefined> {
  const [audio] = connection
    .getTransceivers()
    .filter(({ sender, receiver }) => sender && receiver.track.kind === "audio");
  const { microphone } = await media.open(["microphone"]);
  if (typeof microphone !== "object") return undefined;
  await audio?.sender.replaceTrack(microphone);
  return microphone;
}
