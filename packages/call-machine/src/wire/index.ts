export { fromHex, toHex } from "./ids.ts";
export {
  durationMs,
  fromCallState,
  fromCandidates,
  fromDescription,
  fromMediaState,
  fromParty,
  fromPresence,
} from "./inbound.ts";
export { toAction, toCandidates, toDescription, toMediaState } from "./outbound.ts";
export { translateEvent, translateResult } from "./translate.ts";
export {
  availabilityFromWire,
  endReasonFromWire,
  endReasonToWire,
  mediaKindFromWire,
  mediaKindToWire,
} from "./words.ts";
