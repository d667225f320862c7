import { parseArgs } from "node:util";
import { ServerError } from "../errors/server-error.ts";

interface Flag {
  readonly name: string;
  readonly value?: string;
  readonly env?: string;
  readonly help: string;
  readonly multiple?: boolean;
}

/** Every flag, in the order of the help. A flag wins over its environment variable. UX 7.6. */
export const flags: readonly Flag[] = [
  {
    name: "dev",
    env: "PEERLINE_DEV",
    help: "Sign-in by name, loopback origins, generous limits. Never for production.",
  },
  {
    name: "dev-anywhere",
    env: "PEERLINE_DEV_ANYWHERE",
    help: "With --dev: listen where others reach it too, who then sign in as anyone.",
  },
  {
    name: "host",
    value: "address",
    env: "PEERLINE_HOST",
    help: "Where to listen. Default: 127.0.0.1 with --dev, else all.",
  },
  { name: "port", value: "number", env: "PEERLINE_PORT", help: "Default: 8080. 0 takes any free one." },
  {
    name: "allow-origin",
    value: "origin",
    env: "PEERLINE_ALLOW_ORIGIN",
    multiple: true,
    help: "A web page's origin that may call. Repeat it, or separate by commas.",
  },
  {
    name: "trusted-proxy",
    value: "network",
    env: "PEERLINE_TRUSTED_PROXY",
    multiple: true,
    help: "Address or network of a proxy whose X-Forwarded-For is believed. Default: none.",
  },
  {
    name: "ring-seconds",
    value: "seconds",
    env: "PEERLINE_RING_SECONDS",
    help: "How long a call rings. Default: 60.",
  },
  {
    name: "detach-grace-seconds",
    value: "seconds",
    env: "PEERLINE_DETACH_GRACE_SECONDS",
    help: "How long a closed page keeps its calls. Default: 20.",
  },
  {
    name: "unreachable-seconds",
    value: "seconds",
    env: "PEERLINE_UNREACHABLE_SECONDS",
    help: "Silence until a party is shown as unreachable. Default: 20.",
  },
  {
    name: "lease-seconds",
    value: "seconds",
    env: "PEERLINE_LEASE_SECONDS",
    help: "Silence until a party has left. Default: 60.",
  },
  {
    name: "stun-url",
    value: "url",
    env: "PEERLINE_STUN_URL",
    multiple: true,
    help: "stun:host:port. Repeat it, or separate by commas.",
  },
  {
    name: "turn-url",
    value: "url",
    env: "PEERLINE_TURN_URL",
    multiple: true,
    help: "turn:host:port or turns:host:port; needs PEERLINE_TURN_SECRET.",
  },
  {
    name: "log-level",
    value: "level",
    env: "PEERLINE_LOG_LEVEL",
    help: "debug, info, warn, error or silent. Default: info.",
  },
  { name: "help", help: "Show this text." },
];

/** Variables that are no flags: secrets never stand on a command line, where every user of the machine sees them. */
export const variables: readonly {
  readonly name: string;
  readonly help: string;
  readonly secret: boolean;
}[] = [
  {
    name: "PEERLINE_TOKEN_SECRET",
    secret: true,
    help: "With --dev: signs the tokens, so that they outlive a restart.",
  },
  { name: "PEERLINE_JWKS_URL", secret: false, help: "The keys that sign your application's tokens." },
  { name: "PEERLINE_JWKS_FILE", secret: false, help: "The same from a file." },
  { name: "PEERLINE_TOKEN_ISSUER", secret: false, help: "The tokens' iss." },
  { name: "PEERLINE_TOKEN_AUDIENCE", secret: false, help: "The tokens' aud. Default: peerline." },
  {
    name: "PEERLINE_TURN_SECRET",
    secret: true,
    help: "Shared with the TURN server (coturn: static-auth-secret).",
  },
  {
    name: "PEERLINE_TICKET_SECRET",
    secret: true,
    help: "At least 32 bytes: lets accepted calls survive a restart of the server.",
  },
  {
    name: "PEERLINE_TICKET_SECRET_PREVIOUS",
    secret: true,
    help: "The one before, for 12 hours after a change.",
  },
];

/** The values of the flags by name; throws `ServerError` "bad-config" for unknown ones. */
export function parseFlags(
  argv: readonly string[],
): Readonly<Record<string, string | boolean | readonly string[]>> {
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      { type: flag.value ? ("string" as const) : ("boolean" as const), multiple: flag.multiple ?? false },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
  } catch (cause) {
    const text = cause instanceof Error ? (cause.message.split(/\. |\n/, 1)[0] ?? "") : "";
    throw new ServerError("bad-config", `${text}. See --help for the flags there are.`, { cause });
  }
}

/** The text of `--help`. */
export function helpText(): string {
  const lines = flags.map((flag) =>
    line(
      flag.value ? `--${flag.name} <${flag.value}>` : `--${flag.name}`,
      `${flag.help}${flag.env ? ` [${flag.env}]` : ""}`,
    ),
  );
  const more = variables.map(({ name, secret, help }) =>
    line(name, secret ? `${help} Or ${name}_FILE.` : help),
  );
  return ["Usage: peerline-server [flags]", "", ...lines, "", "Environment only:", ...more, ""].join("\n");
}

const column = 34;

function line(left: string, right: string): string {
  return `  ${left.padEnd(column)}${right}`;
}
