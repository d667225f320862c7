import { createPeerline } from "@peerline/client";
import wrtc from "@roamhq/wrtc";

const serverUrl = process.env.PEERLINE_SERVER_URL ?? "http://localhost:8080";
const rtc = { createConnection: (setup: RTCConfiguration) => new wrtc.RTCPeerConnection(setup) };

const ben = createPeerline({ serverUrl, user: "ben", rtc, autoAccept: "data" });
ben.subscribe(({ details }) => {
  const line = details?.chat.at(-1);
  // Anyone may call Ben. A line has at most 8 KiB, and the answer is longer than the question.
  if (line?.from === "them") ben.sendChat(`Ben read: ${line.text.slice(0, 1_000).toWellFormed()}`);
});

const ana = createPeerline({ serverUrl, user: "ana", rtc });
const stop = ana.subscribe(({ link, trouble, people, call, details }) => {
  if (trouble) process.stderr.write(`${trouble.text}\n`);
  if (link === "stopped") process.exit(1);
  if (call?.can.decline) ana.decline();
  const toBen = call?.role === "caller" ? call : undefined;
  const canCall = people.some(({ user, availability }) => user === "ben" && availability === "online");
  if (canCall && !toBen) ana.dial("ben", "data");
  if (details?.canChat && details.chat.length === 0) ana.sendChat("Hello");
  if (details?.chat.length === 2) ana.hangUp();
  if (!toBen?.end) return;
  stop();
  const answer = details?.chat.at(-1)?.text ?? "No answer";
  process.stdout.write(`${answer}. The call ended: ${toBen.end.reason}\n`);
  setTimeout(() => process.exit(), 100);
});
