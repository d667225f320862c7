import { defineConfig } from "vitest/config";

/** The tests that a mutated decision must fail: the short ones, so that thousands of mutants can be tried. */
export default defineConfig({
  test: {
    include: [
      "packages/call-machine/src/{call,record,session,wire}/**/*.test.ts",
      "packages/call-machine/src/*.test.ts",
      "packages/signaling-client/src/*.test.ts",
      "packages/peer-connection/src/*.test.ts",
      "apps/server/src/{calls,mailbox,limits,presence,session}/**/*.test.ts",
    ],
    exclude: [
      "**/contract.test.ts",
      "**/two-sessions.test.ts",
      "**/{paths,totality}.test.ts",
      "**/*propert*.test.ts",
      "**/*explore.test.ts",
      "**/{fallback,stampede,rows}.test.ts",
    ],
    isolate: false,
    testTimeout: 20_000,
  },
});
