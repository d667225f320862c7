import { create } from "@bufbuild/protobuf";
import type { Clock } from "@peerline/call-machine";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import { ErrorCode, type Relay, RelaySchema } from "@peerline/protocol";
import { PeerlineError } from "./peerline-error.ts";

const pingType = "peerline.dev/presence.v1.Ping";
const pongType = "peerline.dev/presence.v1.Pong";
const answerWithinMs = 5_000;

export interface PingOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly send: (relay: Relay) => void;
}

interface Waiting {
  answered(relay: Relay): void;
  stopped(): void;
}

function closed(): PeerlineError {
  return new PeerlineError("closed", "This Peerline is closed: create another one");
}

export interface Pinger {
  /** Milliseconds to another user's client and back. */
  ping(user: string): Promise<number>;
  /** Answers pings and settles own ones. True when the message was one of these. */
  receive(relay: Relay): boolean;
  /** Rejects what waits, and from now on everything: `closed`. */
  stop(): void;
}

/** Presence made visible: a message to every endpoint of a user, which the first of them answers. */
export function createPinger({ clock, newId, send }: PingOptions): Pinger {
  const waiting = new Map<string, Waiting>();
  let isStopped = false;

  function relay(toUser: string, type: string, inReplyTo: Uint8Array<ArrayBuffer>): Relay {
    const extension = { type, value: new Uint8Array(), critical: false };
    return create(RelaySchema, { messageId: fromHex(newId()), toUser, extension, inReplyTo });
  }

  return {
    ping(user) {
      if (isStopped) return Promise.reject(closed());
      const message = relay(user, pingType, new Uint8Array());
      const sentAt = clock.now();
      const id = toHex(message.messageId);
      return new Promise((resolve, reject) => {
        const cancel = clock.setTimer(sentAt + answerWithinMs, () => {
          waiting.delete(id);
          reject(
            new PeerlineError(
              "no-answer",
              `${user} did not answer within ${answerWithinMs} ms: is the client open?`,
            ),
          );
        });
        const settle = (settled: () => void) => {
          waiting.delete(id);
          cancel();
          settled();
        };
        waiting.set(id, {
          answered: ({ failed }) =>
            settle(() => {
              if (failed === ErrorCode.UNSPECIFIED) resolve(clock.now() - sentAt);
              else reject(new PeerlineError("unreachable", `${user} cannot be reached`));
            }),
          stopped: () => settle(() => reject(closed())),
        });
        send(message);
      });
    },
    receive(message) {
      const answered = waiting.get(toHex(message.inReplyTo));
      answered?.answered(message);
      if (message.extension?.type === pingType)
        send(relay(message.fromUser, pongType, ownBytes(message.messageId)));
      return (
        answered !== undefined || message.extension?.type === pingType || message.extension?.type === pongType
      );
    },
    stop() {
      isStopped = true;
      for (const { stopped } of [...waiting.values()]) stopped();
    },
  };
}

function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
