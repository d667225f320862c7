import { z } from "zod";
import { ServerError } from "../errors/server-error.ts";
import type { AuthConfig } from "./config.ts";
import { flags, helpText, parseFlags, variables } from "./flags.ts";
import type { ConfigOptions } from "./resolve.ts";

/** Where settings come from besides the command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `*_FILE`; may throw. */
  readonly readFile: (path: string) => string;
}

export type Loaded =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "run"; readonly options: ConfigOptions; readonly warnings: readonly string[] };

const seconds = z.coerce.number().positive().max(86_400);
const isOrigin = (text: string) => URL.parse(text)?.origin === text;
const list = (check: z.ZodType<string>) =>
  z.preprocess(
    (value) =>
      (Array.isArray(value) ? value : [value])
        .flatMap((item) =>
          String(item)
            .split(",")
            .map((part) => part.trim()),
        )
        .filter((part) => part !== ""),
    z.array(check),
  );

const schema = z
  .object({
    dev: z.preprocess(
      (value) =>
        value === "1" || value === "true"
          ? true
          : value === "0" || value === "false" || value === ""
            ? false
            : value,
      z.boolean("use 1 or 0"),
    ),
    host: z.string().min(1),
    port: z.coerce
      .number("use a number from 0 to 65535")
      .int("use a number from 0 to 65535")
      .min(0)
      .max(65_535),
    "allow-origin": list(
      z.string().refine(isOrigin, 'use an origin like "https://app.example.com", without a path'),
    ),
    "ring-seconds": seconds.min(15, "use 15 to 120").max(120, "use 15 to 120"),
    "detach-grace-seconds": seconds,
    "unreachable-seconds": seconds,
    "lease-seconds": seconds,
    "stun-url": list(z.string().regex(/^stuns?:/, "use stun:host:port")),
    "turn-url": list(z.string().regex(/^turns?:/, "use turn:host:port or turns:host:port")),
    "log-level": z.enum(
      ["debug", "info", "warn", "error", "silent"],
      "use debug, info, warn, error or silent",
    ),
  })
  .partial();

type Settings = z.infer<typeof schema>;

/** Defaults < environment < flags. Unknown flags and wrong values throw `ServerError` "bad-config" with the fix. */
export function loadConfig(argv: readonly string[], surroundings: Surroundings): Loaded {
  const given = parseFlags(argv);
  if (given.help === true) return { kind: "help", text: helpText() };
  const raw: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const { name, env } of flags) {
    const value = given[name] ?? (env ? surroundings.env[env] : undefined);
    if (value === undefined) continue;
    raw[name] = value;
    sources[name] = name in given ? `--${name}` : (env ?? name);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) {
    return {
      kind: "run",
      options: asOptions(parsed.data, surroundings),
      warnings: unknownVariables(surroundings.env),
    };
  }
  const issue = parsed.error.issues[0];
  const source = sources[String(issue?.path[0])] ?? "The configuration";
  throw new ServerError("bad-config", `${source}: ${issue?.message ?? "is not right"}.`);
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
  const dev = settings.dev ?? false;
  return {
    dev,
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

function authFrom(dev: boolean, surroundings: Surroundings): AuthConfig | undefined {
  const { env } = surroundings;
  const secret = secretFrom("PEERLINE_TOKEN_SECRET", surroundings);
  if (dev) return { kind: "development", secret };
  if (secret !== undefined) {
    throw new ServerError(
      "bad-config",
      "PEERLINE_TOKEN_SECRET is for --dev only: outside of it set PEERLINE_JWKS_URL or PEERLINE_JWKS_FILE.",
    );
  }
  const url = env.PEERLINE_JWKS_URL;
  const file = env.PEERLINE_JWKS_FILE;
  if (url === undefined && file === undefined) return undefined;
  const issuer = env.PEERLINE_TOKEN_ISSUER;
  if (!issuer)
    throw new ServerError(
      "bad-config",
      "PEERLINE_TOKEN_ISSUER is missing: set it to the iss of your application's tokens.",
    );
  const audience = env.PEERLINE_TOKEN_AUDIENCE ?? "peerline";
  if (file !== undefined) return { kind: "jwks-file", file, issuer, audience };
  if (url !== undefined && URL.canParse(url)) return { kind: "jwks-url", url, issuer, audience };
  throw new ServerError(
    "bad-config",
    "PEERLINE_JWKS_URL is no URL: set it to where the keys are served, such as https://app.example.com/jwks.json.",
  );
}

function secretText(name: string, { env, readFile }: Surroundings): string | undefined {
  const path = env[`${name}_FILE`];
  return path === undefined ? env[name] : readSecret(`${name}_FILE`, path, readFile);
}

function secretFrom(name: string, surroundings: Surroundings): string | undefined {
  const value = secretText(name, surroundings);
  if (value === undefined || value.length >= minSecretChars) return value;
  throw new ServerError(
    "bad-config",
    `${name} is too short: use at least ${minSecretChars} characters, such as from "openssl rand -hex 32".`,
  );
}

const minSecretChars = 16;

function readSecret(name: string, path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path).trim();
  } catch (cause) {
    throw new ServerError(
      "bad-config",
      `${name}: ${path} cannot be read. Point it to a file that holds the secret.`,
      { cause },
    );
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
