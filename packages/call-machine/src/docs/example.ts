import { startSession } from "@peerline/call-machine";
import { stubPorts } from "@peerline/call-machine/testing";

const ports = stubPorts(); // An app passes its own: a signaling session, RTCPeerConnections, devices, a clock.
const session = startSession(ports, { user: "ana" });
const seen = new Set<string>();
session.subscribe(({ call }) => call && seen.add(call.phase));

session.dial({ user: "ben", displayName: "Ben" }, "video", "00112233445566778899aabbccddeeff");
ports.media.latest().push({ microphone: "on", camera: "denied" }); // A refused camera does not stop the call.
ports.peer.latest().push({
  type: "peer.described",
  description: { type: "offer", sdp: "v=0", generation: 1, offerNumber: 1, iceRestart: false },
});
const sent = ports.signaling.sent().map(({ case: command }) => command);
process.stdout.write(`sent ${sent.join(", ")}\n`); // sent invite

ports.clock.advanceBy(32_000); // The server says nothing.
const { call } = session.view();
process.stdout.write(`${[...seen].join(", ")}: ${call?.end?.reason}\n`); // dialing, ended: unreachable
