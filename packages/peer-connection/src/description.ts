const maxSdpBytes = 65_536;
const maxMediaLines = 32;
const maxCandidateLines = 256;

/**
 * The ICE username fragments of a description, in order, each once. With BUNDLE there is one.
 * Descriptions are only ever read here, never rewritten. RFC 8839 section 5.4.
 */
export function iceUfrags(sdp: string): readonly string[] {
  return [...new Set(attributes(sdp, "ice-ufrag"))];
}

/** The DTLS fingerprints of a description, sorted, each once, in lower case. RFC 8122. */
export function fingerprints(sdp: string): readonly string[] {
  return [...new Set(attributes(sdp, "fingerprint").map((value) => value.toLowerCase()))].sort();
}

/** Why a description of the peer is not even given to the platform. PROTOCOL section 5, T21. */
export type Refusal = "not-sdp" | "too-large" | "too-many-media-lines" | "too-many-candidates" | "no-bundle";

/** `undefined` when the description may be tried. */
export function refusal(sdp: string): Refusal | undefined {
  if (new TextEncoder().encode(sdp).length > maxSdpBytes) return "too-large";
  if (!sdp.startsWith("v=0")) return "not-sdp";
  if (sdp.split("\nm=").length - 1 > maxMediaLines) return "too-many-media-lines";
  if (attributes(sdp, "candidate").length > maxCandidateLines) return "too-many-candidates";
  return attributes(sdp, "group").some((value) => value.startsWith("BUNDLE")) ? undefined : "no-bundle";
}

function attributes(sdp: string, name: string): string[] {
  const prefix = `a=${name}:`;
  return sdp
    .split(/\r?\n/)
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}
