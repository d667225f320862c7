import type { StatsReportLike, TransceiverLike } from "../../connection-like.ts";
import type { FakeIce } from "./ice.ts";

const rttSeconds = 0.02;

/** How much came in so far. */
export interface FakeArrivals {
  /** Packets of sound and picture, on each m-line. */
  media: number;
  /** Messages of the data channels, and acknowledgements of own ones. */
  data: number;
  /** Answers to consent checks. */
  consent: number;
}

/** A report as of https://www.w3.org/TR/webrtc-stats/ with the selected pair and one stream per m-line. */
export function fakeStats(
  ice: Pick<FakeIce, "connection" | "candidateTypes">,
  transceivers: readonly TransceiverLike[],
  arrived: FakeArrivals,
): StatsReportLike {
  const entries: { readonly id: string; readonly type: string; readonly [field: string]: unknown }[] = [];
  const candidateType = ice.candidateTypes[0] ?? "host";
  if (ice.connection === "connected") {
    entries.push(
      {
        id: "transport",
        type: "transport",
        selectedCandidatePairId: "pair",
        packetsReceived: arrived.media + arrived.data,
      },
      {
        id: "pair",
        type: "candidate-pair",
        localCandidateId: "local",
        remoteCandidateId: "remote",
        nominated: true,
        state: "succeeded",
        currentRoundTripTime: rttSeconds,
        responsesReceived: arrived.consent,
      },
      { id: "local", type: "local-candidate", candidateType, protocol: "udp" },
      { id: "remote", type: "remote-candidate", candidateType, protocol: "udp" },
    );
  }
  for (const { mid, receiver } of transceivers) {
    if (mid === null) continue;
    const { kind } = receiver.track;
    entries.push({
      id: `in${mid}`,
      type: "inbound-rtp",
      kind,
      packetsReceived: arrived.media,
      packetsLost: 0,
      bytesReceived: 0,
    });
    entries.push({ id: `out${mid}`, type: "outbound-rtp", kind, packetsSent: 0, bytesSent: 0 });
  }
  return new Map(entries.map((entry) => [entry.id, entry]));
}
