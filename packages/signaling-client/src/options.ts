import type { Transport } from "@connectrpc/connect";
import type { CallId, Clock, Logger } from "@peerline/call-machine";
import type { AlertPolicy, DetachRequest_Intent, Life } from "@peerline/protocol";
import type { Carrier } from "./carriage.ts";
import type { SessionTiming } from "./timing.ts";

/** A token of the application, for the Authorization header. */
export interface Token {
  readonly token: string;
  /** How long the server accepts it, in ms. Absent: until the server says otherwise. */
  readonly validForMs?: number;
}

/**
 * Brings a token. `first`: there was none; `expired`: the last one was refused or is half used up. Rejecting with a
 * `SignalingError` of code `unauthenticated` ends the session; any other rejection is tried again after a backoff.
 */
export type GetToken = (previous: "first" | "expired") => Promise<Token>;

/** What an endpoint says of itself. PROTOCOL: `ClientInfo`. */
export interface ClientDescription {
  /** Name and version, at most 256 bytes. */
  readonly product: string;
  /** Feature tokens such as "dc-control/1". Default: none. */
  readonly capabilities?: readonly string[];
  /** Default: rings. */
  readonly alertPolicy?: AlertPolicy;
  /** Groups the endpoints of one browser profile or machine. Default: none. */
  readonly deviceId?: string;
}

/** One message as it passed, for a log or a measurement. Carries no content. */
export interface ObservedSignal {
  readonly direction: "sent" | "received";
  /** The oneof case of a command, a frame or an event; `result` for what became of a command. */
  readonly type: string;
  /** Encoded length. */
  readonly bytes: number;
  /** The clock's reading, in ms. */
  readonly at: number;
  readonly callId?: CallId;
  /** Of a frame or an event: what brought it. */
  readonly carrier?: Carrier;
  /** Of a result: since the first attempt to send its command, in ms. */
  readonly roundTripMs?: number;
}

/** What a Detach needs that leaves without the transport. */
export interface DetachNotice {
  readonly token: string;
  readonly endpointId: Uint8Array;
  readonly intent: DetachRequest_Intent;
  /** Which page or process goes, so that a late one takes nothing from the next. */
  readonly life: LifeInit;
}

/** What a `Life` is made of. */
export type LifeInit = Omit<Life, "$typeName" | "$unknown">;

export interface SignalingSessionOptions {
  /** Any Connect transport in the binary format. The session sets the Authorization header of each call. */
  readonly transport: Transport;
  /** Where the transport leads, named in the texts for people. Default: not named. */
  readonly address?: string;
  /** 16 random bytes, one per tab or process; kept over reloads, so that the page goes on with its calls. */
  readonly endpointId: Uint8Array;
  readonly getToken: GetToken;
  readonly client: ClientDescription;
  readonly clock: Clock;
  /** Uniform in [0, 1). Spreads the retries. */
  readonly random: () => number;
  /** Called synchronously for each message. What it throws is logged. */
  readonly observe?: (signal: ObservedSignal) => void;
  readonly logger?: Logger;
  /** Overrides single lengths of time, for tests and special networks. */
  readonly timing?: Partial<SessionTiming>;
  /** `poll`: this platform cannot read a response before its end. Default: whichever works on the network. */
  readonly carrier?: Carrier;
  /** How Detach leaves; pages pass `detachBeacon`. Default: the transport. */
  readonly detach?: (notice: DetachNotice) => void;
}
