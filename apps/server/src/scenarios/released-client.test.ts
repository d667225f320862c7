import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createReleasedClient, type ReleasedClient } from "../testing/released-client.ts";
import { part, releasedNames, releasedSchema } from "../testing/released-wire.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const withinMs = 60_000;
const tickets = { PEERLINE_TICKET_SECRET: "the same at every server of this test" };

let server: Server;
beforeEach(async () => {
  server = await startServerProgram();
});
afterEach(() => server.kill());

test.each(releasedNames())(
  "a client of %s lives its whole life at this server: call, resume, `kill -9`, re-attach",
  async (name) => {
    const [ada, bob] = await signedIn(name, "ada", "bob");
    const callId = newId();
    expect(await ada.run({ presenceSubscribe: { users: ["bob"], replace: true } })).toMatchObject({
      applied: true,
    });
    expect(await presenceOf(ada)).toMatchObject([{ user: "bob", availability: "AVAILABILITY_ONLINE" }]);

    expect(await ada.run(inviteOf(callId, "bob"))).toMatchObject({
      applied: true,
      state: { callId, phase: "CALL_PHASE_RINGING", role: "ROLE_CALLER" },
    });
    expect(await bob.event()).toMatchObject({ callId, incoming: { offer: { sdp: "v=0" } } });
    await bob.run({ alerting: { callId } });
    expect(await ada.event()).toMatchObject({ remoteAlerting: { endpoints: 1 } });
    await ada.run(candidateOf(callId, "of ada"));
    expect(await bob.event()).toMatchObject({ candidates: { list: [{ candidate: "of ada" }] } });

    ada.cut();
    const taken = await bob.run(acceptOf(callId));
    expect(taken).toMatchObject({ applied: true, state: { phase: "CALL_PHASE_ACTIVE" } });
    expect(await bob.event()).toMatchObject({ accepted: { mine: true } });
    await bob.run(candidateOf(callId, "of bob"));
    expect(await ada.open(ada.cursor())).toMatchObject({ resumed: true });
    const accepted = part(await ada.event(), "accepted");
    expect(accepted).toMatchObject({ answer: { sdp: "v=1" }, remote: { user: "bob" } });
    expect(await ada.event()).toMatchObject({ candidates: { list: [{ candidate: "of bob" }] } });

    await server.kill();
    server = await startServerProgram();
    await back(ada);
    await back(bob);
    expect(await ada.run({ reattach: { ticket: accepted.ticket ?? "" } })).toMatchObject({
      applied: true,
      state: { callId, phase: "CALL_PHASE_ACTIVE", role: "ROLE_CALLER" },
    });
    expect(await bob.event()).toMatchObject({ callId, accepted: { mine: true, remote: { user: "ada" } } });
    expect(await bob.run({ reattach: { ticket: taken.ticket ?? "" } })).toMatchObject({ applied: true });
    await bob.run({ mediaState: { callId, revision: 1, tracks: [{ label: "camera", muted: true }] } });
    expect(await ada.event()).toMatchObject({ mediaState: { tracks: [{ label: "camera", muted: true }] } });

    expect(await bob.run({ end: { callId } })).toMatchObject({ state: { endReason: "END_REASON_HANGUP" } });
    expect(await ada.event()).toMatchObject({ ended: { reason: "END_REASON_HANGUP", by: "ROLE_CALLEE" } });
    expect(await ada.call("Detach", { intent: "INTENT_SIGN_OUT" })).toEqual({});
  },
  withinMs,
);

test.each(releasedNames())(
  "a client of %s polls, renews its token, reloads, and passes over an event that it does not know",
  async (name) => {
    const [ada, bob, carl] = await signedIn(name, "ada", "bob", "carl");
    const [talk, third] = [newId(), newId()];
    await ada.run(inviteOf(talk, "bob"));
    await bob.event();
    await bob.run(acceptOf(talk));
    await bob.event();
    expect(await ada.event()).toMatchObject({ accepted: { answer: { sdp: "v=1" } } });

    expect(await carl.run(inviteOf(third, "bob"))).toMatchObject({
      applied: false,
      state: { endReason: "END_REASON_BUSY" },
    });
    const unknown = await bob.event();
    expect(Object.keys(unknown).sort()).toEqual(["at", "callId", "callRev", "offset"]);
    await ada.run(candidateOf(talk, "of ada"));
    expect(await bob.event()).toMatchObject({
      offset: String(Number(unknown.offset) + 1),
      candidates: { list: [{ candidate: "of ada" }] },
    });

    expect(await bob.call("Reauthenticate", {})).toHaveProperty("tokenValidFor");
    expect(await bob.call("GetIceServers", { callId: talk })).toMatchObject({});
    expect(await bob.call("Detach", { intent: "INTENT_PAGE_GONE" })).toEqual({});
    expect(await bob.open()).toMatchObject({ resumed: false, snapshot: { calls: [{ callId: talk }] } });
    bob.cut();
    await ada.run(candidateOf(talk, "more of ada"));
    expect(await bob.poll()).toMatchObject([
      { hello: { resumed: true } },
      { event: { candidates: { list: [{ candidate: "more of ada" }] } } },
    ]);
    expect(await bob.run({ end: { callId: talk } })).toMatchObject({
      state: { endReason: "END_REASON_HANGUP" },
    });
  },
  withinMs,
);

interface Server {
  readonly transport: Transport;
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>;
}

async function startServerProgram(): Promise<Server> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PEERLINE_"));
  const child: ChildProcess = spawn(process.execPath, [main, "--dev", "--port", "0"], {
    env: { ...Object.fromEntries(inherited), ...tickets },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const url = await readyUrl(child);
  const sessionManager = new Http2SessionManager(url);
  return {
    transport: createConnectTransport({
      baseUrl: url,
      httpVersion: "2",
      useBinaryFormat: true,
      sessionManager,
    }),
    async kill() {
      sessionManager.abort();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function readyUrl({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error("the server has no output");
  for await (const line of createInterface({ input: stdout })) {
    const url = /^peerline-server ready (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("the server ended before it was ready");
}

async function signedIn<const Users extends readonly string[]>(
  name: string,
  ...users: Users
): Promise<{ readonly [U in keyof Users]: ReleasedClient }>;
async function signedIn(name: string, ...users: readonly string[]): Promise<readonly ReleasedClient[]> {
  const schema = releasedSchema(name);
  const clients = users.map((user) => createReleasedClient(schema, user));
  for (const client of clients) {
    await client.at(server.transport);
    expect(await client.open()).toMatchObject({ protocol: 1, resumed: false });
  }
  return clients;
}

/** At the server that took over, which knows nothing: the cursor is worth nothing there. */
async function back(client: ReleasedClient): Promise<void> {
  const before = client.cursor();
  await client.at(server.transport);
  expect(await client.open(before)).toMatchObject({ resumed: false, snapshot: { serverLostState: true } });
}

/** What the stream says of others, once it says that somebody is online. */
async function presenceOf(client: ReleasedClient): Promise<unknown> {
  for (;;) {
    const frame = await client.frame();
    if (frame.presence !== undefined) return part(frame, "presence").items;
  }
}

function inviteOf(callId: string, calleeUser: string): JsonObject {
  const offer = { type: "TYPE_OFFER", pcGeneration: 1, offerNumber: 1, sdp: "v=0" };
  return { invite: { callId, calleeUser, kind: "MEDIA_KIND_AUDIO", offer } };
}

function acceptOf(callId: string): JsonObject {
  const answer = { type: "TYPE_ANSWER", pcGeneration: 1, offerNumber: 1, sdp: "v=1" };
  return { accept: { callId, kind: "MEDIA_KIND_AUDIO", answer } };
}

function candidateOf(callId: string, candidate: string): JsonObject {
  return { candidates: { callId, pcGeneration: 1, ufrag: "uf", list: [{ candidate, sdpMid: "0" }] } };
}

function newId(): string {
  return randomBytes(16).toString("base64");
}
