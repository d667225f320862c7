import type { Peerline, PeerlineOptions } from "@peerline/client";
import { attempt } from "./attempt.ts";
import { deviceName } from "./device-name.ts";
import { claimEndpointId, randomId } from "./endpoint-id.ts";
import { followPage } from "./page-life.ts";
import { tabStorage } from "./page-storage.ts";
import { shownName, toUser } from "./user-name.ts";

export type OpenRequest = Pick<PeerlineOptions, "serverUrl" | "autoAccept" | "onSignal"> & {
  /** As typed: shown to others; the account name is made from it. */
  readonly name: string;
};

/** Signs in and follows the page until `close`. */
export type OpenPeerline = (request: OpenRequest) => Promise<Peerline>;

const heldEndpointIds = new Set<string>();

/** The last word on the options of a Peerline. */
export type Prepare = (options: PeerlineOptions) => PeerlineOptions;

/** The Peerline of this tab, connected over the development sign-in. Its code is loaded here, not with the first page. */
export const openPeerline: OpenPeerline = (request) => openPrepared(request, (options) => options);

/** `openPeerline` with other surroundings, for development and tests. */
export async function openPrepared({ name, ...options }: OpenRequest, prepare: Prepare): Promise<Peerline> {
  const loading = import("@peerline/client");
  const user = toUser(name);
  const endpointId = await claimEndpointId(user, {
    storage: tabStorage,
    locks: attempt(() => navigator.locks),
    held: heldEndpointIds,
    newId: randomId,
  });
  const { createPeerline } = await loading;
  const deviceId = deviceName(navigator.userAgent);
  return followed(
    createPeerline(prepare({ ...options, user, displayName: shownName(name), endpointId, deviceId })),
  );
}

/** `peerline`, told about its page, and in `window.peerline` where only its own developer can be. */
export function followed(peerline: Peerline): Peerline {
  const unfollow = followPage(peerline, window);
  if (import.meta.env.DEV || isLoopback(location.hostname)) window.peerline = peerline;
  return {
    ...peerline,
    close(intent) {
      unfollow();
      peerline.close(intent);
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || /^(127\.|\[::1\]$)/.test(hostname);
}
