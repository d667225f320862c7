import { createPeerline } from "@peerline/client";
import wrtc from "@roamhq/wrtc";

const serverUrl = process.argv[2] ?? "http://localhost:8080";
const rtc = { createConnection: (setup: RTCConfiguration) => new wrtc.RTCPeerConnection(setup) };

const ben = createPeerline({ serverUrl, user: "ben", rtc, autoAccept: "data" });
ben.subscribe(({ details }) => {
  const line = details?.chat.at(-1);
  if (line?.from === "them") ben.sendChat(`Ben read: ${line.text}`);
});

const ana = createPeerline({ serverUrl, user: "ana", rtc });
const stop = ana.subscribe(({ people, call, details }) => {
  const canCall = people.some(({ user, availability }) => user === "ben" && availability === "online");
  if (canCall && !call) ana.dial("ben", "data");
  if (details?.canChat && details.chat.length === 0) ana.sendChat("Hello");
  if (details?.chat.length === 2) ana.hangUp();
  if (!call?.end) return;
  stop();
  process.stdout.write(`${details?.chat.at(-1)?.text}. The call ended: ${call.end.reason}\n`);
  setTimeout(() => process.exit(), 100);
});
