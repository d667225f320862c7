const msPerSecond = 1_000;
const secondsPerMinute = 60;
const secondsPerHour = 3_600;

/** A length of time in ms as `0:07`, `12:34` or `1:02:03`. Negative ones, and what is no length, count as zero. */
export function clockText(durationMs: number): string {
  const total = Number.isFinite(durationMs) ? Math.max(0, Math.floor(durationMs / msPerSecond)) : 0;
  const hours = Math.floor(total / secondsPerHour);
  const minutes = Math.floor((total % secondsPerHour) / secondsPerMinute);
  const tail = `${hours > 0 ? pad(minutes) : minutes}:${pad(total % secondsPerMinute)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
