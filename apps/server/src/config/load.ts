import { badConfig } from "../errors/server-error.ts";
import type { AuthConfig } from "./config.ts";
import { defaultServerTimers } from "./defaults.ts";
import { flags, helpText, parseFlags, variables } from "./flags.ts";
import type { ConfigOptions } from "./resolve.ts";
import { assertFilled, type Surroundings, secretFrom, secretText } from "./secrets.ts";
import { type Settings, settingsSchema } from "./settings-schema.ts";

export type Loaded =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "run"; readonly options: ConfigOptions; readonly warnings: readonly string[] };

/** Defaults < environment < flags. Unknown flags and wrong values throw `ServerError` "bad-config" with the fix. */
export function loadConfig(argv: readonly string[], surroundings: Surroundings): Loaded {
  const given = parseFlags(argv);
  if (given.help === true) return { kind: "help", text: helpText() };
  const raw: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const { name, env } of flags) {
    const value = given[name] ?? (env ? surroundings.env[env] : undefined);
    if (value === undefined) continue;
    const source = name in given ? `--${name}` : (env ?? name);
    assertFilled(source, value);
    raw[name] = value;
    sources[name] = source;
  }
  assertVariables(surroundings);
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) {
    return {
      kind: "run",
      options: asOptions(parsed.data, surroundings),
      warnings: unknownVariables(surroundings.env),
    };
  }
  const issue = parsed.error.issues[0];
  const source = sources[String(issue?.path[0])] ?? "The configuration";
  throw badConfig(`${source}: ${issue?.message ?? "is not right"}.`);
}

function asOptions(settings: Settings, surroundings: Surroundings): ConfigOptions {
  const ms = (value: number | undefined) =>
    value === undefined ? undefined : Math.round(value * msPerSecond);
  const timers = {
    ringMs: ms(settings["ring-seconds"]),
    detachGraceMs: ms(settings["detach-grace-seconds"]),
    unreachableMs: ms(settings["unreachable-seconds"]),
    leaseMs: ms(settings["lease-seconds"]),
  };
  assertLease(settings);
  const dev = settings.dev ?? false;
  return {
    dev,
    devAnywhere: settings["dev-anywhere"],
    trustedProxies: settings["trusted-proxy"],
    host: settings.host,
    port: settings.port,
    allowedOrigins: settings["allow-origin"],
    logLevel: settings["log-level"],
    auth: authFrom(dev, surroundings),
    ice: {
      stunUrls: settings["stun-url"] ?? [],
      turnUrls: settings["turn-url"] ?? [],
      turnSecret: secretFrom("PEERLINE_TURN_SECRET", surroundings),
    },
    tickets: {
      secret: secretText("PEERLINE_TICKET_SECRET", surroundings),
      previousSecret: secretText("PEERLINE_TICKET_SECRET_PREVIOUS", surroundings),
    },
    timers: Object.fromEntries(Object.entries(timers).filter(([, value]) => value !== undefined)),
  };
}

const msPerSecond = 1000;

/** Who has left by one setting would not yet be out of reach by the other. */
function assertLease(settings: Settings): void {
  const { unreachableMs, leaseMs } = defaultServerTimers;
  const unreachable = settings["unreachable-seconds"] ?? unreachableMs / msPerSecond;
  const lease = settings["lease-seconds"] ?? leaseMs / msPerSecond;
  if (lease > unreachable) return;
  throw badConfig(
    `--lease-seconds (PEERLINE_LEASE_SECONDS) is ${lease} and has to be more than --unreachable-seconds (PEERLINE_UNREACHABLE_SECONDS), which is ${unreachable}: raise the one, or lower the other.`,
  );
}

function authFrom(dev: boolean, surroundings: Surroundings): AuthConfig | undefined {
  const { env } = surroundings;
  const secret = secretFrom("PEERLINE_TOKEN_SECRET", surroundings);
  const { PEERLINE_JWKS_URL: url, PEERLINE_JWKS_FILE: file } = env;
  const keys = file === undefined ? "PEERLINE_JWKS_URL" : "PEERLINE_JWKS_FILE";
  if (dev && (url ?? file) !== undefined) {
    throw badConfig(
      `${keys} beside --dev (PEERLINE_DEV), with which anyone signs in as anyone: remove one of the two.`,
    );
  }
  if (dev) return { kind: "development", secret };
  if (secret !== undefined) {
    throw badConfig(
      "PEERLINE_TOKEN_SECRET is for --dev only: outside of it set PEERLINE_JWKS_URL or PEERLINE_JWKS_FILE.",
    );
  }
  if (url !== undefined && file !== undefined) {
    throw badConfig("PEERLINE_JWKS_URL and PEERLINE_JWKS_FILE are both set: remove one of the two.");
  }
  const source = url ?? file;
  if (source === undefined) return undefined;
  const issuer = env.PEERLINE_TOKEN_ISSUER;
  if (issuer === undefined) {
    throw badConfig("PEERLINE_TOKEN_ISSUER is missing: set it to the iss of your application's tokens.");
  }
  const audience = env.PEERLINE_TOKEN_AUDIENCE ?? "peerline";
  return file === undefined
    ? { kind: "jwks-url", url: source, issuer, audience }
    : { kind: "jwks-file", file: source, issuer, audience };
}

function assertVariables({ env }: Surroundings): void {
  for (const { name, secret } of variables) {
    for (const each of secret ? [name, `${name}_FILE`] : [name]) assertFilled(each, env[each]);
    if (secret && env[name] !== undefined && env[`${name}_FILE`] !== undefined) {
      throw badConfig(`${name} and ${name}_FILE are both set: remove one of the two.`);
    }
  }
}

/** Settings of the kit's other programs. */
const othersVariables = /^PEERLINE_(WEB_|E2E_|SERVER_URL$|USER$|CHROMIUM$)/;

/** A program of the same prefix may have variables of its own, so an unknown one is told and not refused. */
function unknownVariables(env: Surroundings["env"]): readonly string[] {
  const known = new Set([
    ...flags.map(({ env: name }) => name),
    ...variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith("PEERLINE_") && !othersVariables.test(name) && !known.has(name))
    .map(
      (name) =>
        `${name} is no setting of this server and is ignored. See --help for the variables there are.`,
    );
}
