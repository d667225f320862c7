import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

function start(...argv: string[]) {
  return startWith({}, ...argv);
}

function startWith(more: Readonly<Record<string, string>>, ...argv: string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PEERLINE_"));
  const env = { ...Object.fromEntries(inherited), ...more };
  const child = spawn(process.execPath, [main, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (output.stdout += text));
  child.stderr.on("data", (text) => (output.stderr += text));
  return {
    child,
    output,
    ended: once(child, "close").then(([code]) => ({ code: code as number, ...output })),
  };
}

async function readyUrl(child: ChildProcess, output: { readonly stdout: string }): Promise<string> {
  while (!output.stdout.includes("\n")) await once(child.stdout ?? child, "data");
  return /^peerline-server ready (http:\/\/localhost:\d+)\n$/.exec(output.stdout)?.[1] ?? "";
}

test("the process says once where it is ready, and ends well when told to", async () => {
  const { child, output, ended } = start("--dev", "--port", "0");
  const url = await readyUrl(child, output);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(200);
  await ready.arrayBuffer();
  child.kill("SIGTERM");
  const { code, stdout, stderr } = await ended;
  expect([code, stdout.split("\n").length]).toEqual([0, 2]);
  expect(stderr).toMatch(/server ready .*\n.*server draining\n.*server stopped\n$/);
});

test("a taken port is one line and status 2", async () => {
  const first = start("--dev", "--port", "0");
  const { port } = new URL(await readyUrl(first.child, first.output));
  const { code, stderr, stdout } = await start("--dev", "--port", port).ended;
  first.child.kill("SIGINT");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `peerline-server: Port ${port} is in use. Stop the other program, or choose another one with --port.\n`,
  );
  expect((await first.ended).code).toBe(0);
});

test("without keys the process names what is missing and ends with status 2", async () => {
  const { code, stderr } = await start("--port", "0").ended;
  expect([code, stderr.split("\n").length]).toEqual([2, 2]);
  expect(stderr).toContain("PEERLINE_JWKS_URL");
});

test("a short ticket secret is one line and status 2", async () => {
  const { code, stderr } = await startWith({ PEERLINE_TICKET_SECRET: "short" }, "--dev", "--port", "0").ended;
  expect([code, stderr]).toEqual([
    2,
    'peerline-server: PEERLINE_TICKET_SECRET is too short: use at least 32 bytes, such as from "openssl rand -hex 32".\n',
  ]);
});
