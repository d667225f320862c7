/** One m-line. */
export interface FakeLine {
  readonly mid: string;
  readonly kind: "audio" | "video" | "application";
  readonly direction: RTCRtpTransceiverDirection;
}

/** What a fake description says. */
export interface FakeDescription {
  readonly ufrag: string;
  readonly fingerprint: string;
  readonly lines: readonly FakeLine[];
}

/** As SDP text that real readers of ufrags, fingerprints and BUNDLE understand. */
export function writeSdp({ ufrag, fingerprint, lines }: FakeDescription): string {
  const mids = lines.map(({ mid }) => mid).join(" ");
  const media = lines.flatMap(({ mid, kind, direction }) => [
    `m=${kind} 9 ${kind === "application" ? "UDP/DTLS/SCTP webrtc-datachannel" : "UDP/TLS/RTP/SAVPF 96"}`,
    `a=mid:${mid}`,
    `a=${direction}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${ufrag.padEnd(22, "p")}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
  ]);
  return ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", `a=group:BUNDLE ${mids}`, ...media, ""].join(
    "\r\n",
  );
}

/** Reads what `writeSdp` wrote; anything else throws a `SyntaxError`. */
export function readSdp(sdp: string): FakeDescription {
  const [session = "", ...media] = sdp.split(/(?=^m=)/m);
  const ufrag = find(sdp, /^a=ice-ufrag:(.+)$/m);
  const fingerprint = find(sdp, /^a=fingerprint:sha-256 (.+)$/m);
  if (!session.startsWith("v=0")) throw new SyntaxError("expected v=0");
  return { ufrag, fingerprint, lines: media.map(readLine) };
}

function readLine(text: string): FakeLine {
  const kind = find(text, /^m=(audio|video|application) /);
  const direction = find(text, /^a=(sendrecv|sendonly|recvonly|inactive)$/m);
  return {
    mid: find(text, /^a=mid:(.+)$/m),
    kind: kind === "audio" || kind === "video" ? kind : "application",
    direction: direction as RTCRtpTransceiverDirection,
  };
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text.replaceAll("\r", ""))?.[1];
  if (found === undefined) throw new SyntaxError(`expected ${pattern.source}`);
  return found;
}
