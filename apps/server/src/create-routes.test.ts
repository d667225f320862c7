import { expect, test } from "vitest";
import { createRoutes, type RouteOptions } from "./create-routes.ts";

const auth = {
  kind: "jwks-url",
  url: "http://127.0.0.1:9/jwks",
  issuer: "app",
  audience: "peerline",
} as const;

async function warnings(options: RouteOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  const logger = { debug() {}, info() {}, warn: (message: string) => lines.push(message) };
  const { close } = await createRoutes({ ...options, logger });
  await close();
  return lines;
}

test("production without a ticket secret says once what is lost, and how to keep it", async () => {
  expect(await warnings({ auth })).toEqual([expect.stringContaining("set PEERLINE_TICKET_SECRET")]);
  expect(await warnings({ auth, tickets: { secret: "x".repeat(32) } })).toEqual([]);
  expect(await warnings({ dev: true })).toEqual([]);
});
