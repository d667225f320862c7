import { channelCases } from "./channel-cases.ts";
import { connectCases } from "./connect-cases.ts";
import type { ContractCase } from "./env.ts";
import { identityCases } from "./identity-cases.ts";
import { negotiationCases } from "./negotiation-cases.ts";

/** What this package promises about every implementation of WebRTC it runs on. Needs no test runner. */
export const peerContract: readonly ContractCase[] = [
  ...connectCases,
  ...identityCases,
  ...negotiationCases,
  ...channelCases,
];
