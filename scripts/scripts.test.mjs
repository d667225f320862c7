import { describe, expect, test } from "vitest";
import { findFirefox } from "./firefox.mjs";
import { adviceFor, browserPackages, isMissing } from "./lib/browsers.mjs";
import { createDevLogReader } from "./lib/dev-log.mjs";
import { changedPaths } from "./lib/drift.mjs";
import { warning } from "./lib/file-lengths.mjs";
import { labPrograms, missingPackages } from "./lib/lab-programs.mjs";
import { completeLock, missingPlatforms, platformOf } from "./lib/lock-platforms.mjs";
import { sameContent } from "./lib/packages.mjs";
import { portFrom } from "./lib/ports.mjs";
import { countPlaywright, countVitest, sum, summaryLine } from "./lib/summary.mjs";

const vitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  success: true,
  testResults: [],
};

describe("the summary", () => {
  test("adds passed, failed, skipped and todo tests of a vitest report", () => {
    expect(countVitest(vitestReport)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  test("counts a test file that could not be loaded as a failure", () => {
    const report = {
      ...vitestReport,
      success: false,
      testResults: [
        { status: "failed", assertionResults: [] },
        { status: "passed", assertionResults: [{ status: "passed" }] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test("does not count a failing test twice", () => {
    const report = {
      ...vitestReport,
      numFailedTests: 1,
      success: false,
      testResults: [{ status: "failed", assertionResults: [{ status: "failed" }] }],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test("takes a run without a test for a failure, also when all were skipped", () => {
    const report = { ...vitestReport, numPassedTests: 0 };
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 2, why: "no test ran" });
  });

  test("takes an error outside of any test for a failure", () => {
    expect(countVitest({ ...vitestReport, success: false })).toEqual({
      passed: 3,
      failed: 1,
      skipped: 2,
      why: "an error outside of any test",
    });
  });

  test("counts a Playwright test that passed only when repeated as failed", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 2, skipped: 3 };
    expect(countPlaywright({ stats, errors: [] })).toEqual({ passed: 5, failed: 3, skipped: 3 });
  });

  test("takes a Playwright run that broke before its tests for a failure", () => {
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    expect(countPlaywright({ stats, errors: [{}] }).failed).toBe(1);
  });

  test("names the error of a Playwright run that broke before its tests", () => {
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    const errors = [{ message: "\u001b[31mError: The NAT lab cannot run here\nFix: as root\u001b[39m" }];
    expect(countPlaywright({ stats, errors })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      why: "Error: The NAT lab cannot run here\nFix: as root",
    });
  });

  test("ends with one line over everything", () => {
    const total = sum([
      { passed: 2, failed: 0, skipped: 1 },
      { passed: 1, failed: 3, skipped: 0, why: "x" },
    ]);
    expect(summaryLine(total)).toBe("3 passed, 3 failed, 1 skipped");
  });
});

describe("the programs of the NAT lab", () => {
  test("are installed by the packages of those that are missing", () => {
    const present = new Set(["ip"]);
    expect(missingPackages(labPrograms, (program) => present.has(program))).toEqual(["coturn", "nftables"]);
    expect(missingPackages(labPrograms, () => true)).toEqual([]);
  });
});

describe("the browsers of the end-to-end tests", () => {
  test("come as the first package that the distribution has", () => {
    const debian = new Set(["chromium-headless-shell", "chromium", "firefox-esr"]);
    const ubuntu = new Set(["chromium", "firefox"]);
    const both = ["Chromium", "Firefox"];
    expect(browserPackages(both, (name) => debian.has(name))).toEqual([
      "chromium-headless-shell",
      "fonts-liberation",
      "firefox-esr",
    ]);
    expect(browserPackages(both, (name) => ubuntu.has(name))).toEqual([
      "chromium",
      "fonts-liberation",
      "firefox",
    ]);
  });

  test("come as the first of all where the distribution has none, so that apt-get says so", () => {
    expect(browserPackages(["Firefox"], () => false)).toEqual(["firefox-esr"]);
  });

  test("are installed where none was found, and only there", () => {
    expect(isMissing("Firefox", "/usr/bin/firefox-esr", {})).toBe(false);
    expect(isMissing("Firefox", undefined, {})).toBe(true);
  });

  test("are not replaced where a variable names one that is not there", () => {
    expect(() => isMissing("Firefox", undefined, { PEERLINE_FIREFOX: "/opt/fox" })).toThrow(
      `PEERLINE_FIREFOX names /opt/fox, which does not exist. ${adviceFor("Firefox")}`,
    );
  });

  test("are the ones that the variable names, else the system's, Debian's ESR first", () => {
    const installed = new Set(["/usr/bin/firefox", "/usr/bin/firefox-esr", "/opt/fox"]);
    const find = (env) => findFirefox(env, (path) => installed.has(path));
    expect(find({})).toBe("/usr/bin/firefox-esr");
    expect(find({ PEERLINE_FIREFOX: "/opt/fox" })).toBe("/opt/fox");
    expect(find({ PEERLINE_FIREFOX: "/opt/none" })).toBeUndefined();
  });
});

describe("drift", () => {
  test("names files that changed, appeared or went", () => {
    const before = new Map(Object.entries({ same: "1", changed: "1", gone: "1" }));
    const after = new Map(Object.entries({ same: "1", changed: "2", fresh: "1" }));
    expect(changedPaths(before, after)).toEqual(["changed", "fresh", "gone"]);
  });
});

describe("the log of the parts", () => {
  function read(chunks) {
    const seen = [];
    const reader = createDevLogReader({
      online: () => seen.push("online"),
      died: (part) => seen.push(`died ${part}`),
      crashedUnderWatch: (part) => seen.push(`crashed ${part}`),
    });
    chunks.forEach(reader);
    return seen;
  }

  test("shows when the echo bot is online, also in colour and in pieces", () => {
    expect(read(["\u001b[35m@peerline/bot:dev: \u001b[0mecho is", " online\n"])).toEqual(["online"]);
  });

  test("shows which part ended", () => {
    const line = "@peerline/bot#dev:  ERROR  command (/x/apps/bot) npm run dev exited (3)\n";
    expect(read([line])).toEqual(["died bot"]);
  });

  test("shows a failed generation", () => {
    expect(read(["@peerline/protocol#generate:  ERROR  command (x) y exited (1)\n"])).toEqual([
      "died generation in protocol",
    ]);
  });

  test("shows a crash under a watcher", () => {
    expect(read(["@peerline/server:dev: Failed running 'src/main.ts'. Waiting\n"])).toEqual([
      "crashed server",
    ]);
  });

  test("is not deceived by other parts' lines", () => {
    expect(read(["@peerline/web:dev: echo is online\n@peerline/server:dev: exited (1)\n"])).toEqual([]);
  });
});

describe("ports", () => {
  test("come from the environment or are the usual ones", () => {
    expect([portFrom({}, "P", 80), portFrom({ P: "" }, "P", 80), portFrom({ P: "81" }, "P", 80)]).toEqual([
      80, 80, 81,
    ]);
  });

  test.each(["0", "65536", "abc", "80.5", "-1"])("%s is refused with the fix", (text) => {
    expect(() => portFrom({ P: text }, "P", 80)).toThrow(
      `P=${text} is not a port. Fix: a whole number from 1 to 65535.`,
    );
  });
});

describe("the lock file", () => {
  const entry = {
    version: "1.0.0",
    dev: true,
    optionalDependencies: { "@x/cli-darwin-arm64": "1.0.0", loose: "^1.0.0" },
  };

  test.each([
    ["@x/cli-linux-x64-musl", { cpu: ["x64"], libc: ["musl"], os: ["linux"] }],
    ["@x/binding-linux-arm-gnueabihf", { cpu: ["arm"], libc: ["glibc"], os: ["linux"] }],
    ["@x/buf-linux-armv7", { cpu: ["arm"], os: ["linux"] }],
    ["@x/windows-64", { cpu: ["x64"], os: ["win32"] }],
    ["@x/binding-win32-ia32-msvc", { cpu: ["ia32"], os: ["win32"] }],
  ])("%s names its platform", (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });

  test("gets an entry for every pinned platform package that it asks for", () => {
    const lock = { lockfileVersion: 3, packages: { "": {}, "node_modules/a": entry, "node_modules/z": {} } };
    const complete = completeLock(lock);
    expect(complete).toEqual({
      lockfileVersion: 3,
      packages: {
        "": {},
        "node_modules/@x/cli-darwin-arm64": {
          version: "1.0.0",
          cpu: ["arm64"],
          dev: true,
          optional: true,
          os: ["darwin"],
        },
        "node_modules/a": entry,
        "node_modules/z": {},
      },
    });
    expect(missingPlatforms(complete)).toEqual({});
  });

  test("needs no second entry for a package that is nested where it is used", () => {
    const packages = { "node_modules/a": entry, "node_modules/a/node_modules/@x/cli-darwin-arm64": {} };
    expect(missingPlatforms({ packages })).toEqual({});
  });

  test("is met by an installation that lacks nothing but optional packages and workspaces", () => {
    const lock = {
      packages: {
        "": { version: "1.0.0" },
        "apps/web": {},
        "node_modules/a": { version: "1.0.0" },
        "node_modules/b": { version: "1.0.0", optional: true },
      },
    };
    expect(sameContent(lock, { packages: { "node_modules/a": { version: "1.0.0" } } })).toBe(true);
    expect(sameContent(lock, { packages: { "node_modules/a": { version: "1.0.1" } } })).toBe(false);
    expect(sameContent(lock, { packages: {} })).toBe(false);
  });
});

describe("the note on long files", () => {
  const files = (count, lines) => Array.from({ length: count }, (_, index) => ({ path: `f${index}`, lines }));

  test("is silent while at most a tenth is long", () => {
    expect(warning([...files(9, 100), { path: "long", lines: 251 }])).toEqual([]);
  });

  test("names the long ones otherwise, longest first", () => {
    expect(warning([...files(2, 10), { path: "b", lines: 300 }, { path: "a", lines: 900 }])).toEqual([
      "note: 2 of 4 source files are longer than 250 lines:",
      "  900 a",
      "  300 b",
    ]);
  });
});
