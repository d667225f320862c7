import { describe, expect, test } from "vitest";
import { ServerError } from "../errors/server-error.ts";
import type { ServerLimits, ServerTimers } from "./config.ts";
import { defaultServerLimits, defaultServerTimers } from "./defaults.ts";
import { flags, variables } from "./flags.ts";
import { loadConfig } from "./load.ts";
import { type ConfigOptions, resolveConfig } from "./resolve.ts";

const load = (argv: readonly string[], env: Record<string, string>) => {
  const loaded = loadConfig(argv, { env, readFile: () => "0123456789abcdef0123456789abcdef" });
  if (loaded.kind !== "run") throw new Error(loaded.kind);
  return resolveConfig(loaded.options);
};
const problem = (work: () => unknown) => {
  try {
    work();
  } catch (reason) {
    const { code, message } = ServerError.from(reason);
    return code === "bad-config" && !message.includes("\n") ? message : `${code}: ${message}`;
  }
  return "started";
};

const environment = [
  ...flags.flatMap(({ env }) => (env === undefined ? [] : [env])),
  ...variables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
];

describe("an empty value is refused and named", () => {
  test.each(environment.flatMap((name) => [[name, ""] as const, [name, " \t"] as const]))(
    "%s=%j",
    (name, value) => {
      const keys = { PEERLINE_JWKS_FILE: "/keys", PEERLINE_TOKEN_ISSUER: "app" };
      const empty = `${name} is empty: give it a value, or remove it.`;
      expect(problem(() => load([], { ...keys, [name]: value }))).toBe(empty);
    },
  );

  test.each(flags.filter(({ value }) => value !== undefined).map(({ name }) => name))("--%s", (name) => {
    const empty = `--${name} is empty: give it a value, or remove it.`;
    expect(problem(() => load(["--dev", `--${name}=`], {}))).toBe(empty);
  });
});

describe("a value that is no such value is refused, whatever JavaScript makes of it", () => {
  test.each([
    ["PEERLINE_PORT", "0x50"],
    ["PEERLINE_PORT", "1e3"],
    ["PEERLINE_PORT", "80.5"],
    ["PEERLINE_PORT", "-1"],
    ["PEERLINE_PORT", "NaN"],
    ["PEERLINE_PORT", "٨٠"],
    ["PEERLINE_DEV", "yes"],
    ["PEERLINE_DEV_ANYWHERE", "on"],
    ["PEERLINE_HOST", "a b"],
    ["PEERLINE_RING_SECONDS", "Infinity"],
    ["PEERLINE_LEASE_SECONDS", "1e9"],
    ["PEERLINE_LEASE_SECONDS", "0"],
    ["PEERLINE_LEASE_SECONDS", "86401"],
    ["PEERLINE_DETACH_GRACE_SECONDS", "-5"],
    ["PEERLINE_UNREACHABLE_SECONDS", "null"],
    ["PEERLINE_STUN_URL", "stun:"],
    ["PEERLINE_STUN_URL", ","],
    ["PEERLINE_STUN_URL", "stun:a.example:99999"],
    ["PEERLINE_STUN_URL", "stun:a.example:0"],
    ["PEERLINE_STUN_URL", "stun:a.example:port"],
    ["PEERLINE_STUN_URL", "stun:a.example?transport=udp"],
    ["PEERLINE_STUN_URL", "stun:ann@a.example"],
    ["PEERLINE_STUN_URL", "stun:2001:db8::1"],
    ["PEERLINE_TURN_URL", "turn:a.example:3478?transport=carrier"],
    ["PEERLINE_TURN_URL", "turns:a.example:65536"],
    ["PEERLINE_TURN_URL", "turn:a b"],
    ["PEERLINE_ALLOW_ORIGIN", "*"],
    ["PEERLINE_ALLOW_ORIGIN", "https://*.app.example"],
    ["PEERLINE_TRUSTED_PROXY", "10.0.0.0/33"],
    ["PEERLINE_TRUSTED_PROXY", "proxy.example"],
    ["PEERLINE_TRUSTED_PROXY", "10.0.0.1/"],
    ["PEERLINE_LOG_LEVEL", "INFO"],
  ])("%s=%s", (name, value) => {
    const argv = name === "PEERLINE_DEV" ? [] : ["--dev"];
    expect(problem(() => load(argv, { [name]: value }))).toMatch(new RegExp(`^${name}: use `));
  });

  test.each(["keys", "ftp://a/keys", "https://ann:secret@app.example/keys", "file:///etc/passwd"])(
    "PEERLINE_JWKS_URL=%s",
    (url) => {
      const env = { PEERLINE_JWKS_URL: url, PEERLINE_TOKEN_ISSUER: "app" };
      const message = problem(() => load([], env));
      expect(message).toMatch(/^PEERLINE_JWKS_URL is no URL of keys/);
      expect(message).not.toContain("secret");
    },
  );
});

test.each([
  ["PEERLINE_STUN_URL", "stun:a.example,stuns:a.example:5349,stun:[2001:db8::1]:3478,stun:192.0.2.1"],
  ["PEERLINE_TURN_URL", "turn:a.example:3478?transport=udp,turns:[2001:db8::1]:443?transport=tcp,turn:b"],
])("%s=%s is taken", (name, value) => {
  expect(problem(() => load(["--dev"], { [name]: value, PEERLINE_TURN_SECRET: "x".repeat(32) }))).toBe(
    "started",
  );
});

describe("settings that exclude each other are refused", () => {
  test.each([
    [["--dev"], { PEERLINE_JWKS_URL: "https://app.example/keys" }, "PEERLINE_JWKS_URL beside --dev"],
    [["--dev", "--lease-seconds", "20"], {}, "has to be more than --unreachable-seconds"],
    [["--dev"], { PEERLINE_UNREACHABLE_SECONDS: "60" }, "raise the one, or lower the other"],
    [[], { PEERLINE_DEV: "1", PEERLINE_JWKS_FILE: "/keys" }, "PEERLINE_JWKS_FILE beside --dev"],
    [[], { PEERLINE_JWKS_URL: "https://a/k", PEERLINE_JWKS_FILE: "/k" }, "are both set"],
    [[], { PEERLINE_TURN_SECRET: "x".repeat(32), PEERLINE_TURN_SECRET_FILE: "/s" }, "are both set"],
  ])("%j %j", (argv, env, text) => {
    expect(problem(() => load(argv, env as unknown as Record<string, string>))).toContain(text);
  });
});

describe("development, in which anyone signs in as anyone", () => {
  test.each(["0.0.0.0", "::", "192.168.1.5", "203.0.113.7", "fd00::1", "app.example", "128.0.0.1"])(
    "does not start on %s, unless it is told that it may",
    (host) => {
      expect(problem(() => load(["--dev", "--host", host], {}))).toContain("add --dev-anywhere");
      expect(load(["--dev", "--dev-anywhere", "--host", host], {}).host).toBe(host);
      expect(load(["--dev", "--host", host], { PEERLINE_DEV_ANYWHERE: "1" }).host).toBe(host);
    },
  );

  test.each(["127.0.0.1", "127.8.0.1", "::1", "localhost"])("starts on %s", (host) => {
    expect(load(["--dev", "--host", host], {}).host).toBe(host);
  });

  test("does not start beside keys that an embedding program gives", () => {
    const auth = { kind: "jwks-file", file: "/keys", issuer: "a", audience: "b" } as const;
    expect(problem(() => resolveConfig({ dev: true, auth }))).toContain("remove one of the two");
  });
});

describe("amounts that an embedding program gives", () => {
  const wrong = [Number.NaN, -1, Number.POSITIVE_INFINITY, 1.5, 2 ** 53, 3_660 * 86_400_000 + 1];

  test.each(Object.keys(defaultServerTimers))("timers.%s is a whole length of time", (name) => {
    for (const value of wrong) {
      const timers = { [name]: value } as Partial<ServerTimers>;
      expect(problem(() => resolveConfig({ dev: true, timers }))).toContain(`timers.${name} is `);
    }
  });

  test.each(Object.keys(defaultServerLimits))("limits.%s is above 0", (name) => {
    const rates = [
      { perSecond: 0, burst: 1 },
      { perSecond: 1, burst: Number.NaN },
      { perSecond: Number.POSITIVE_INFINITY, burst: 1 },
      { perSecond: 1 },
    ];
    for (const value of [Number.NaN, -1, 0, 0.5, "9", null, ...rates]) {
      const limits = { [name]: value } as Partial<ServerLimits>;
      expect(problem(() => resolveConfig({ dev: true, limits }))).toContain(`limits.${name} is not right`);
    }
  });

  test.each([Number.NaN, -1, 65_536, 80.5])("the port %d does not exist", (port) => {
    expect(problem(() => resolveConfig({ dev: true, port }))).toContain("does not exist");
  });

  test("a trusted proxy is an address or a network", () => {
    const options: ConfigOptions = { dev: true, trustedProxies: ["10.0.0.0/8", "everyone"] };
    expect(problem(() => resolveConfig(options))).toContain('"everyone"');
  });
});
