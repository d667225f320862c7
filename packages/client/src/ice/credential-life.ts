/** PROTOCOL 1.12: credentials with less left than this do not begin an ICE restart, in ms. */
export const restartNeedsMs = 600_000;
/** The wait after a refresh that brought nothing, in ms. */
export const retryMs = 30_000;
/** PROTOCOL row 67: an ICE restart waits this long for fresh credentials, then goes with what it has, in ms. */
export const freshWithinMs = 2_000;

/** When the credentials at hand came, and how long they make new allocations, in ms. */
export interface CredentialLife {
  readonly since: number;
  /** `undefined`: for ever. */
  readonly validForMs: number | undefined;
}

/** However short their life, they are not asked for more often. In ms. */
const shortestRefreshMs = 1_000;

/** When they are to be replaced: at half of their life. `undefined`: never. */
export function refreshAt({ since, validForMs }: CredentialLife): number | undefined {
  return validForMs === undefined ? undefined : since + Math.max(validForMs / 2, shortestRefreshMs);
}

/** Whether an ICE restart at `now` needs fresh ones first. Of those that live shortly, half of the life is enough. */
export function isStale({ since, validForMs }: CredentialLife, now: number): boolean {
  if (validForMs === undefined) return false;
  return since + validForMs - now < Math.min(restartNeedsMs, validForMs / 2);
}
