import { describe, expect, test } from "vitest";
import { ServerError } from "../errors/server-error.ts";
import { developmentTicketSecret } from "./defaults.ts";
import { flags } from "./flags.ts";
import { loadConfig } from "./load.ts";
import { resolveConfig } from "./resolve.ts";

const load = (argv: string[], env: Record<string, string> = {}, files: Record<string, string> = {}) =>
  loadConfig(argv, {
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
  });
const run = (...given: Parameters<typeof load>) => {
  const loaded = load(...given);
  if (loaded.kind !== "run") throw new Error(loaded.kind);
  return resolveConfig(loaded.options);
};
const problem = (...given: Parameters<typeof load>) => {
  try {
    run(...given);
  } catch (reason) {
    return ServerError.from(reason);
  }
  throw new Error("no problem");
};

test("flags win over the environment, the environment over the defaults", () => {
  const config = run(["--dev", "--port", "1"], { PEERLINE_PORT: "2", PEERLINE_RING_SECONDS: "30" });
  expect([config.port, config.timers.ringMs, config.timers.leaseMs]).toEqual([1, 30_000, 60_000]);
});

test("development listens on this machine only and is generous", () => {
  const config = run(["--dev"]);
  expect([config.host, config.port, config.auth]).toEqual([
    "127.0.0.1",
    8080,
    { kind: "development", secret: undefined },
  ]);
  expect(config.limits.invites.burst).toBe(600);
});

test("lists come from repeated flags and from commas", () => {
  const origins = (...argv: string[]) => run(["--dev", ...argv]).allowedOrigins;
  expect(origins("--allow-origin", "https://a.example", "--allow-origin", "https://b.example")).toEqual([
    "https://a.example",
    "https://b.example",
  ]);
  expect(
    run(["--dev"], { PEERLINE_ALLOW_ORIGIN: "https://a.example, https://b.example" }).allowedOrigins,
  ).toHaveLength(2);
});

test("a secret comes from a file", () => {
  const files = { "/run/secret": "0123456789abcdef\n" };
  const config = run(["--dev"], { PEERLINE_TOKEN_SECRET_FILE: "/run/secret" }, files);
  expect(config.auth).toEqual({ kind: "development", secret: "0123456789abcdef" });
});

test("ticket secrets come from the environment or a file, and development has one", () => {
  const [present, previous] = ["p".repeat(32), "q".repeat(32)];
  const env = { PEERLINE_TICKET_SECRET: present, PEERLINE_TICKET_SECRET_PREVIOUS_FILE: "/run/previous" };
  const { tickets } = run(["--dev"], env, { "/run/previous": `${previous}\n` });
  expect(tickets).toEqual({ secret: present, previousSecret: previous });
  expect(run(["--dev"]).tickets.secret).toBe(developmentTicketSecret);
  const keys = { PEERLINE_JWKS_FILE: "/keys", PEERLINE_TOKEN_ISSUER: "app" };
  expect(run([], keys).tickets).toEqual({ secret: undefined, previousSecret: undefined });
});

test("production takes its keys from a URL or a file", () => {
  const env = { PEERLINE_JWKS_URL: "https://app.example/jwks.json", PEERLINE_TOKEN_ISSUER: "app" };
  expect(run([], env).auth).toEqual({
    kind: "jwks-url",
    url: env.PEERLINE_JWKS_URL,
    issuer: "app",
    audience: "peerline",
  });
  const file = {
    PEERLINE_JWKS_FILE: "/keys",
    PEERLINE_TOKEN_ISSUER: "app",
    PEERLINE_TOKEN_AUDIENCE: "calls",
  };
  expect(run([], file).auth).toEqual({ kind: "jwks-file", file: "/keys", issuer: "app", audience: "calls" });
});

describe("a wrong setting names itself and the fix", () => {
  test.each([
    ["an unknown flag", ["--dev", "--prot", "1"], {}, "--prot"],
    ["a positional", ["--dev", "x"], {}, "x"],
    ["a port", ["--dev", "--port", "70000"], {}, "--port: use a number from 0 to 65535"],
    ["a port in the environment", ["--dev"], { PEERLINE_PORT: "abc" }, "PEERLINE_PORT"],
    ["a ring time", ["--dev", "--ring-seconds", "5"], {}, "--ring-seconds: use 15 to 120"],
    ["an origin", ["--dev", "--allow-origin", "app.example"], {}, "--allow-origin: use an origin"],
    ["a log level", ["--dev", "--log-level", "loud"], {}, "--log-level: use debug"],
    ["a STUN URL", ["--dev", "--stun-url", "http://x"], {}, "--stun-url: use stun:"],
    ["no keys", [], {}, "PEERLINE_JWKS_URL"],
    ["no issuer", [], { PEERLINE_JWKS_FILE: "/keys" }, "PEERLINE_TOKEN_ISSUER"],
    ["a JWKS URL", [], { PEERLINE_JWKS_URL: "keys", PEERLINE_TOKEN_ISSUER: "a" }, "PEERLINE_JWKS_URL"],
    ["a shared secret in production", [], { PEERLINE_TOKEN_SECRET: "0123456789abcdef" }, "--dev only"],
    ["a short secret", ["--dev"], { PEERLINE_TOKEN_SECRET: "short" }, "openssl rand"],
    ["a short ticket secret", ["--dev"], { PEERLINE_TICKET_SECRET: "x".repeat(31) }, "at least 32 bytes"],
    [
      "a short previous ticket secret",
      ["--dev"],
      { PEERLINE_TICKET_SECRET: "x".repeat(32), PEERLINE_TICKET_SECRET_PREVIOUS: "short" },
      "PEERLINE_TICKET_SECRET_PREVIOUS is too short",
    ],
    [
      "a previous ticket secret alone",
      ["--dev"],
      { PEERLINE_TICKET_SECRET_PREVIOUS: "x".repeat(32) },
      "set PEERLINE_TICKET_SECRET too",
    ],
    [
      "a secret file that is not there",
      ["--dev"],
      { PEERLINE_TOKEN_SECRET_FILE: "/none" },
      "PEERLINE_TOKEN_SECRET_FILE",
    ],
    ["TURN without a secret", ["--dev", "--turn-url", "turn:x"], {}, "PEERLINE_TURN_SECRET"],
  ])("%s", (_name, argv, env, text) => {
    const error = problem(argv, env);
    expect([error.code, error.message]).toEqual(["bad-config", expect.stringContaining(text)]);
    expect(error.message).not.toContain("\n");
  });
});

test("an unknown variable of the kit is told, not refused", () => {
  const loaded = load(["--dev"], { PEERLINE_PROT: "1", PATH: "/bin" });
  expect(loaded.kind === "run" && loaded.warnings).toEqual([expect.stringContaining("PEERLINE_PROT")]);
});

test("the help names every flag and no secret is one", () => {
  const help = load(["--help"]);
  for (const { name } of flags) expect(help.kind === "help" && help.text).toContain(`--${name}`);
  expect(flags.map(({ name }) => name).join()).not.toMatch(/secret/);
});
