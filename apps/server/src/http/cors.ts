import { cors } from "@connectrpc/connect";

/** Says which web pages may call. `allow` are exact origins; `loopback` adds any page on this machine. */
export interface OriginRules {
  readonly allow: readonly string[];
  readonly loopback: boolean;
}

const maxAgeSeconds = 7200;
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** PROTOCOL T13: an allow-list, no wildcard. */
export function isAllowedOrigin(origin: string, rules: OriginRules): boolean {
  if (rules.allow.includes(origin)) return true;
  if (!rules.loopback) return false;
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return false;
  return url.protocol.startsWith("http") && loopbackHosts.has(url.hostname);
}

/** The CORS headers of a response; empty for a request without an allowed origin. */
export function corsHeaders(
  origin: string | undefined,
  rules: OriginRules,
): Readonly<Record<string, string>> {
  if (origin === undefined) return {};
  if (!isAllowedOrigin(origin, rules)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": cors.exposedHeaders.join(", "),
  };
}

/** What an allowed preflight is told besides `corsHeaders`. */
export function preflightHeaders(): Readonly<Record<string, string>> {
  return {
    "access-control-allow-methods": cors.allowedMethods.join(", "),
    "access-control-allow-headers": [...cors.allowedHeaders, "Authorization"].join(", "),
    "access-control-max-age": String(maxAgeSeconds),
  };
}
