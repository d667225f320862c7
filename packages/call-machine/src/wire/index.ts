export { accountOf } from "./account.ts";
export { fromHex, toHex } from "./ids.ts";
export {
  fromCallState,
  fromCandidates,
  fromDescription,
  fromMediaState,
  fromParty,
  fromPresence,
} from "./inbound.ts";
export { toAction, toCandidates, toDescription, toMediaState } from "./outbound.ts";
export { translateEvent, translateResult } from "./translate.ts";
export { countFrom, durationMs, isMoment, momentMs, nameFrom, textFrom } from "./values.ts";
export {
  availabilityFromWire,
  endReasonFromWire,
  endReasonToWire,
  mediaKindFromWire,
  mediaKindToWire,
} from "./words.ts";
