import type { ConnectionLike } from "./connection-like.ts";
import type { Deadlines } from "./deadlines.ts";
import { fingerprints, iceUfrags, refusal } from "./description.ts";
import type { MediaLines } from "./media-lines.ts";
import type { NegotiationCommand } from "./negotiation.ts";
import { PeerError } from "./peer-error.ts";
import type { RemoteCandidates } from "./remote-candidates.ts";

/** What the platform may take for one operation, in ms. One that takes longer leaves a connection beyond repair. */
export const operationMs = 10_000;
const recoveryMs = 2_000;

/** A command that takes time. */
export type OperationCommand = Extract<NegotiationCommand, { readonly op: number }>;

/** How an operation ended. */
export type Outcome =
  | { readonly type: "described"; readonly sdp: string }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly beyondRepair: boolean; readonly error: PeerError }
  /** The peer's certificate is not the one it began with; nothing was applied. PROTOCOL T3, invariant 22. */
  | { readonly type: "impostor" };

/** What the operations work on. */
export interface OperationParts {
  readonly connection: ConnectionLike;
  readonly lines: MediaLines;
  readonly remote: RemoteCandidates;
  readonly deadlines: Deadlines;
}

/**
 * `bound`: the fingerprints that the peer bound itself to; else those of its first description hold for this connection.
 *
 * Runs the negotiation's operations on one RTCPeerConnection; one at a time, never rejecting. Rollback is always
 * explicit and every description is made explicitly, because not every implementation has the implicit forms.
 * https://www.w3.org/TR/webrtc/#dom-peerconnection-setlocaldescription
 */
export function createOperations(
  parts: OperationParts,
  bound: readonly string[] | undefined,
): (command: OperationCommand) => Promise<Outcome> {
  const { connection, remote, deadlines } = parts;
  let identity = bound && identityOf(bound);

  async function perform(command: OperationCommand): Promise<Outcome> {
    if ("description" in command) {
      const { sdp } = command.description;
      if (isImpostor(identity, sdp)) return { type: "impostor" };
      const outcome = await applyRemote(parts, command);
      identity ??= identityOf(fingerprints(sdp));
      return outcome;
    }
    if (command.type === "makeOffer")
      return { type: "described", sdp: await makeOffer(connection, command.restart) };
    await rollBack(connection);
    return { type: "done" };
  }

  return async (command) => {
    const ufrags = remote.current();
    try {
      return await deadlines.within(operationMs, command.type, () => perform(command));
    } catch (thrown) {
      const error = PeerError.from(thrown);
      const recovered = deadlines.within(recoveryMs, "recovery", () => recover(connection));
      const isRecovered = await recovered.then(
        () => true,
        () => false,
      );
      remote.described(ufrags);
      return { type: "failed", beyondRepair: !isRecovered || error.code === "timeout", error };
    }
  };
}

async function applyRemote(
  { connection, lines, remote }: OperationParts,
  command: Extract<OperationCommand, { type: "applyOffer" | "applyAnswer" }>,
): Promise<Outcome> {
  const { sdp } = command.description;
  const why = refusal(sdp);
  if (why !== undefined) throw new PeerError("unexpected", `description refused: ${why}`);
  if (command.type === "applyAnswer") {
    await connection.setRemoteDescription({ type: "answer", sdp });
    remote.described(iceUfrags(sdp));
    return { type: "done" };
  }
  if (command.rollBack) await rollBack(connection);
  await connection.setRemoteDescription({ type: "offer", sdp });
  remote.described(iceUfrags(sdp));
  lines.adopt();
  const answer = await connection.createAnswer();
  await connection.setLocalDescription({ type: "answer", sdp: answer.sdp ?? "" });
  return { type: "described", sdp: localSdp(connection, answer) };
}

async function makeOffer(connection: ConnectionLike, restart: boolean): Promise<string> {
  if (restart) connection.restartIce();
  const offer = await connection.createOffer();
  await connection.setLocalDescription({ type: "offer", sdp: offer.sdp ?? "" });
  return localSdp(connection, offer);
}

function localSdp(connection: ConnectionLike, made: RTCSessionDescriptionInit): string {
  return connection.localDescription?.sdp ?? made.sdp ?? "";
}

function rollBack(connection: ConnectionLike): Promise<void> {
  return connection.setLocalDescription({ type: "rollback", sdp: "" });
}

async function recover(connection: ConnectionLike): Promise<void> {
  if (connection.signalingState === "have-local-offer") await rollBack(connection);
  if (connection.signalingState === "have-remote-offer") {
    await connection.setRemoteDescription({ type: "rollback", sdp: "" });
  }
}

function isImpostor(identity: string | undefined, sdp: string): boolean {
  const claimed = identityOf(fingerprints(sdp));
  return identity !== undefined && claimed !== "" && claimed !== identity;
}

/** Fingerprints are compared as a set, in any case of their letters. */
function identityOf(set: readonly string[]): string {
  return [...new Set(set.map((one) => one.toLowerCase()))].sort().join();
}
