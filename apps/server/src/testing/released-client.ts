import { randomBytes } from "node:crypto";
import type { FileRegistry, JsonObject } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { part, releasedWire } from "./released-wire.ts";

/**
 * A client made of a released schema image and nothing else: it can neither send nor read what the image does not have,
 * and holds what it gets to the image's own rules. Messages are protobuf's JSON. Every wait ends with a frame.
 */
export interface ReleasedClient {
  /** 16 bytes in base64. */
  readonly endpointId: string;
  /** The last event that was read. */
  readonly cursor: () => JsonObject;
  /** At this server from now on: signs in there. */
  at(transport: Transport): Promise<void>;
  /** A unary call of the service, with the token. */
  call(method: string, request: JsonObject): Promise<JsonObject>;
  /** Opens the stream, and gives its Hello. */
  open(resume?: JsonObject): Promise<JsonObject>;
  /** The next frame of the stream. */
  frame(): Promise<JsonObject>;
  /** The next event, other frames left out; the cursor is then behind it. */
  event(): Promise<JsonObject>;
  /** Asks by a poll instead of the stream, from the cursor on: what came at once. */
  poll(): Promise<readonly JsonObject[]>;
  /** Sends one command and gives its result. */
  run(command: JsonObject): Promise<JsonObject>;
  /** Drops the stream as a cut connection does. */
  cut(): void;
}

const signaling = "peerline.signaling.v1.SignalingService";
const development = "peerline.signaling.v1.DevelopmentService";

/** A client of `user` that is at no server yet. */
export function createReleasedClient(schema: FileRegistry, user: string): ReleasedClient {
  const wire = releasedWire(schema);
  const endpointId = randomBytes(16).toString("base64");
  let transport: Transport | undefined;
  let headers = {};
  let abort = new AbortController();
  let frames: AsyncIterator<JsonObject> | undefined;
  let [epoch, offset, seq] = ["", "0", 0n];

  const here = (): Transport => {
    if (!transport) throw new Error("at no server yet");
    return transport;
  };
  const client: ReleasedClient = {
    endpointId,
    cursor: () => ({ epoch, offset }),
    async at(next) {
      transport = next;
      const { token } = await wire.unary(next, [development, "SignIn"], { user }, {});
      headers = { Authorization: `Bearer ${String(token)}` };
    },
    call: (method, request) => wire.unary(here(), [signaling, method], { endpointId, ...request }, headers),
    async open(resume) {
      abort = new AbortController();
      const request = { endpointId, client: { protocolMin: 1, protocolMax: 1 }, ...(resume && { resume }) };
      const how = { headers, signal: abort.signal };
      const stream = wire.stream(here(), [signaling, "Receive"], request, how);
      frames = stream[Symbol.asyncIterator]();
      const hello = part(await client.frame(), "hello");
      if (hello.resumed !== true) {
        [epoch, offset] = [String(hello.epoch), String(hello.topOffset)];
        seq = BigInt(String(hello.lastClientSeq));
      }
      return hello;
    },
    async frame() {
      const next = await frames?.next();
      if (!next || next.done === true) throw new Error(`the stream of ${user} has ended`);
      return next.value;
    },
    async event() {
      for (let frame = await client.frame(); ; frame = await client.frame()) {
        if (frame.event === undefined) continue;
        const event = part(frame, "event");
        offset = String(event.offset);
        return event;
      }
    },
    async poll() {
      const receive = { endpointId, resume: client.cursor(), client: { protocolMin: 1, protocolMax: 1 } };
      const request = { receive, wait: "5s" };
      const { frames } = await wire.unary(here(), [signaling, "Poll"], request, headers);
      return Array.isArray(frames) ? frames.map((frame) => part({ frame }, "frame")) : [];
    },
    async run(command) {
      const commands = [{ clientSeq: String(++seq), ...command }];
      const { results } = await client.call("Send", { epoch, ackOffset: offset, commands });
      return part({ result: Array.isArray(results) ? (results[0] ?? null) : null }, "result");
    },
    cut: () => abort.abort(),
  };
  return client;
}
