import { badConfig, type ServerError } from "../errors/server-error.ts";
import { isLoopbackHost, isNetwork } from "../http/networks.ts";
import { assertLimits, assertPort, assertTimers } from "./amounts.ts";
import type {
  AuthConfig,
  IceConfig,
  LogLevel,
  ServerConfig,
  ServerLimits,
  ServerTimers,
  TicketConfig,
} from "./config.ts";
import {
  defaultServerLimits,
  defaultServerTimers,
  developmentLimits,
  developmentTicketSecret,
  developmentTimers,
} from "./defaults.ts";

/** What one may say of a server; everything else has a default. */
export interface ConfigOptions {
  /** Sign-in by name, any loopback origin, generous limits. Never for production. Default: false. */
  readonly dev?: boolean | undefined;
  /** Development on an address that other machines reach. Default: false, such a server does not start. */
  readonly devAnywhere?: boolean | undefined;
  /** Addresses and networks ("10.0.0.0/8") of proxies whose `X-Forwarded-For` is believed. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Default: 127.0.0.1 in development, all interfaces otherwise. */
  readonly host?: string | undefined;
  /** Default: 8080. 0: any free one. */
  readonly port?: number | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** Required outside of development. */
  readonly auth?: AuthConfig | undefined;
  readonly ice?: Partial<IceConfig> | undefined;
  /** Default: a fixed secret in development, otherwise none. */
  readonly tickets?: Partial<TicketConfig> | undefined;
  readonly timers?: Partial<ServerTimers> | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
}

/** What is used when nothing is said. */
export const defaultPort = 8080;

/** The whole configuration. Throws `ServerError` "bad-config" with the fix. UX 7.6. */
export function resolveConfig(options: ConfigOptions): ServerConfig {
  const dev = options.dev ?? false;
  const port = options.port ?? defaultPort;
  const host = options.host ?? (dev ? "127.0.0.1" : "::");
  const trustedProxies = options.trustedProxies ?? [];
  const timers = { ...defaultServerTimers, ...(dev ? developmentTimers : {}), ...options.timers };
  const limits = { ...defaultServerLimits, ...(dev ? developmentLimits : {}), ...options.limits };
  assertPort(port);
  assertTimers(timers);
  assertLimits(limits);
  assertProxies(trustedProxies);
  if (dev && !isLoopbackHost(host) && options.devAnywhere !== true) throw reachableDevelopment(host);
  return {
    dev,
    host,
    port,
    trustedProxies,
    allowedOrigins: options.allowedOrigins ?? [],
    logLevel: options.logLevel ?? "info",
    auth: resolveAuth(options.auth, dev),
    ice: resolveIce(options.ice),
    tickets: resolveTickets(options.tickets ?? {}, dev),
    timers,
    limits,
  };
}

function resolveAuth(given: AuthConfig | undefined, dev: boolean): AuthConfig {
  const auth = given ?? (dev ? ({ kind: "development", secret: undefined } as const) : undefined);
  if (!auth) {
    throw badConfig(
      "No keys to check tokens with: set PEERLINE_JWKS_URL or PEERLINE_JWKS_FILE, PEERLINE_TOKEN_ISSUER and PEERLINE_TOKEN_AUDIENCE, or start with --dev.",
    );
  }
  if (dev && auth.kind !== "development") {
    throw badConfig(
      "The application's keys beside development, in which anyone signs in as anyone: remove one of the two.",
    );
  }
  if (auth.kind === "jwks-url") assertKeyUrl(auth.url);
  return auth;
}

function assertKeyUrl(text: string): void {
  const url = URL.parse(text);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isHttp && url.username === "" && url.password === "") return;
  throw badConfig(
    "PEERLINE_JWKS_URL is no URL of keys: set it to where they are served, such as https://app.example.com/jwks.json, without a name and password.",
  );
}

function resolveIce(given: Partial<IceConfig> | undefined): IceConfig {
  const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, ...given };
  if (ice.turnUrls.length === 0 || ice.turnSecret !== undefined) return ice;
  throw badConfig("TURN servers without a secret: set PEERLINE_TURN_SECRET or PEERLINE_TURN_SECRET_FILE.");
}

function assertProxies(texts: readonly string[]): void {
  const wrong = texts.find((text) => !isNetwork(text));
  if (wrong === undefined) return;
  throw badConfig(
    `The trusted proxy "${wrong.slice(0, maxShownChars)}" is neither an address nor a network.`,
  );
}

const maxShownChars = 64;

function reachableDevelopment(host: string): ServerError {
  return badConfig(
    `--dev lets anyone sign in as anyone, and ${host.slice(0, maxShownChars)} is reached from other machines: leave --host out, or add --dev-anywhere (PEERLINE_DEV_ANYWHERE=1) if all who reach it may.`,
  );
}

const minTicketSecretBytes = 32;

function resolveTickets({ secret, previousSecret }: Partial<TicketConfig>, dev: boolean): TicketConfig {
  assertTicketSecret("PEERLINE_TICKET_SECRET", secret);
  assertTicketSecret("PEERLINE_TICKET_SECRET_PREVIOUS", previousSecret);
  if (previousSecret !== undefined && secret === undefined) {
    throw badConfig("PEERLINE_TICKET_SECRET_PREVIOUS without a present one: set PEERLINE_TICKET_SECRET too.");
  }
  return { secret: secret ?? (dev ? developmentTicketSecret : undefined), previousSecret };
}

function assertTicketSecret(name: string, secret: string | undefined): void {
  if (secret === undefined || Buffer.byteLength(secret) >= minTicketSecretBytes) return;
  throw badConfig(
    `${name} is too short: use at least ${minTicketSecretBytes} bytes, such as from "openssl rand -hex 32".`,
  );
}
