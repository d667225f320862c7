import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair } from "jose";
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

test("a warning of the platform is a line of the log, and no text between its lines", async () => {
  const onSignal = "process.on('SIGUSR2',()=>process.emitWarning('odd'))";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(onSignal)}` };
  const { child, output, ended } = startWith(env, "--dev", "--port", "0");
  await readyUrl(child, output);
  child.kill("SIGUSR2");
  while (!output.stderr.includes("odd")) await once(child.stderr, "data");
  child.kill("SIGTERM");
  const { stderr } = await ended;
  expect(stderr).toMatch(
    /^\S+ server ready .*\n\S+ .*a warning of the platform .*odd.*\n\S+ server draining\n/,
  );
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

/** The program in a shell, which limits or redirects it; `exec` makes the child the program itself. */
function startInShell(command: string, more: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, NODE: process.execPath, MAIN: main, ...more };
  const child = spawn("sh", ["-c", command], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (output.stdout += text));
  child.stderr.on("data", (text) => (output.stderr += text));
  return { child, output };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Makes the server log a line for each. */
async function signIn(url: string, times: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const answer = await fetch(`${url}/peerline.signaling.v1.SignalingService/GetIceServers`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer a.b.c${turn}` },
      body: "{}",
    });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

test("a server whose log's disk is full goes on", async () => {
  const { child, output } = startInShell('exec "$NODE" "$MAIN" --dev --port 0 --log-level debug 2>/dev/full');
  const url = await readyUrl(child, output);
  expect([await signIn(url, 3), (await fetch(`${url}/readyz`)).status]).toEqual([[401, 401, 401], 200]);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("a server whose readers of both outputs are gone goes on, and still drains", async () => {
  const { child, output } = start("--dev", "--port", "0", "--log-level", "debug");
  const url = await readyUrl(child, output);
  child.stdout.destroy();
  child.stderr.destroy();
  expect([await signIn(url, 3), (await fetch(`${url}/readyz`)).status]).toEqual([[401, 401, 401], 200]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a log's next reader hears how many lines there were while nobody read", async () => {
  const directory = await mkdtemp(join(tmpdir(), "peerline-"));
  const fifo = join(directory, "log");
  await once(startInShell('mkfifo "$LOG"', { LOG: fifo }).child, "close");
  const read = () => {
    const reader = spawn("cat", [fifo], { stdio: ["ignore", "pipe", "ignore"] });
    const heard = { text: "" };
    reader.stdout.on("data", (bytes) => (heard.text += bytes));
    return { reader, heard };
  };
  const first = read();
  const { child, output } = startInShell(`exec "$NODE" "$MAIN" --dev --port 0 2>"$LOG"`, { LOG: fifo });
  const url = await readyUrl(child, output);
  const post = async (method: string, body: string, token: string) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/peerline.signaling.v1.${method}`, { method: "POST", headers, body });
    return (await answer.json()) as { token: string };
  };
  const { token } = await post("DevelopmentService/SignIn", '{"user":"ada"}', "none");
  const endpointId = Buffer.alloc(16, 1).toString("base64");
  const body = JSON.stringify({ endpointId, intent: "INTENT_SIGN_OUT" });
  const writeLine = () => post("SignalingService/Detach", body, token);
  while (!first.heard.text.includes("server ready")) await once(first.reader.stdout, "data");
  first.reader.kill();
  await once(first.reader, "close");
  for (let line = 0; line < 3; line++) await writeLine();
  const second = read();
  while (!second.heard.text.includes("log lines were not written")) await writeLine();
  expect(Number(/not written {2}count=(\d+)/.exec(second.heard.text)?.[1])).toBeGreaterThanOrEqual(3);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
  await rm(directory, { recursive: true });
});

test("a server that nobody can hear from the start serves all the same", async () => {
  const port = await freePort();
  const { child } = startInShell('exec "$NODE" "$MAIN" --dev --port "$PORT" >/dev/full 2>/dev/full', {
    PORT: String(port),
  });
  const status = async (): Promise<number> =>
    await fetch(`http://127.0.0.1:${port}/healthz`).then(({ status }) => status, status);
  expect(await status()).toBe(200);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("with few files to open, a thousand idle connections shut nobody out", async () => {
  const { child, output } = startInShell('ulimit -n 256; exec "$NODE" "$MAIN" --dev --port 0');
  const { port } = new URL(await readyUrl(child, output));
  const sockets = Array.from({ length: 400 }, () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    return socket;
  });
  await once(sockets.at(-1) ?? child, "connect");
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("SIGHUP loads keys anew and stops nothing, and a bad file of keys is one line and status 2", async () => {
  const directory = await mkdtemp(join(tmpdir(), "peerline-"));
  const file = join(directory, "jwks.json");
  const { publicKey } = await generateKeyPair("ES256");
  await writeFile(file, JSON.stringify({ keys: [await exportJWK(publicKey)] }));
  const env = { PEERLINE_JWKS_FILE: file, PEERLINE_TOKEN_ISSUER: "app" };
  const { child, output, ended } = startWith(env, "--port", "0", "--host", "127.0.0.1");
  const url = await readyUrl(child, output);
  child.kill("SIGHUP");
  while (!output.stderr.includes("keys loaded anew")) await once(child.stderr, "data");
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  await writeFile(file, "{}");
  const { code, stderr } = await startWith(env, "--port", "0").ended;
  expect([code, stderr.split("\n").length, stderr]).toEqual([
    2,
    2,
    expect.stringContaining("are no JSON Web Key Set"),
  ]);
  await rm(directory, { recursive: true });
});
