import { create, toBinary } from "@bufbuild/protobuf";
import { DetachRequestSchema, SignalingService } from "@peerline/protocol";
import type { DetachNotice } from "./options.ts";

export interface DetachBeaconOptions extends DetachNotice {
  /** Where the server is: the transport's own `baseUrl`. */
  readonly baseUrl: string;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Tells the server that the page goes away, from `pagehide`: a POST that outlives the page (`keepalive`), at most a
 * few hundred bytes, at the path that Connect gives to Detach. Best effort: returns at once and never throws.
 * PROTOCOL 1.15.
 */
export function detachBeacon({ baseUrl, token, fetch, ...notice }: DetachBeaconOptions): void {
  const { parent, name } = SignalingService.method.detach;
  const url = `${baseUrl.replace(/\/+$/, "")}/${parent.typeName}/${name}`;
  const post = fetch ?? globalThis.fetch;
  const sent = async (): Promise<unknown> =>
    post(url, {
      method: "POST",
      keepalive: true,
      redirect: "error",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/proto",
        "Connect-Protocol-Version": "1",
      },
      body: toBinary(DetachRequestSchema, create(DetachRequestSchema, notice)),
    });
  sent().catch(() => undefined);
}
