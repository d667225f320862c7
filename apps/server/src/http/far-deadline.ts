/** The longest that a client's deadline counts for. No answer takes so long. */
export const maxDeadlineMs = 24 * 60 * 60 * 1000;

const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = { H: hourMs, M: 60_000, S: 1_000 };

/**
 * Sets a deadline beyond `maxDeadlineMs` to that. The RPC library makes a timer of what it reads before it refuses it, and one beyond
 * 2^31 - 1 ms is due at once, with a warning of the platform in the log.
 */
export function boundDeadline(headers: Headers): void {
  const connect = headers.get("connect-timeout-ms") ?? "";
  if (/^\d{1,10}$/.test(connect) && Number(connect) > maxDeadlineMs)
    headers.set("connect-timeout-ms", String(maxDeadlineMs));
  const [, amount = "", unit = ""] = /^(\d{1,8})([HMS])$/.exec(headers.get("grpc-timeout") ?? "") ?? [];
  if (Number(amount) * (unitMs[unit] ?? 0) > maxDeadlineMs)
    headers.set("grpc-timeout", `${maxDeadlineMs / hourMs}H`);
}
