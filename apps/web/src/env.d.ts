import type { Peerline } from "@peerline/client";

declare global {
  interface ImportMetaEnv {
    /** The signaling server's address; empty: the page's host and `VITE_PEERLINE_SERVER_PORT`. */
    readonly VITE_PEERLINE_SERVER: string;
    readonly VITE_PEERLINE_SERVER_PORT: number;
  }

  interface Window {
    /** On loopback addresses only: for the console and for tests. */
    peerline?: Peerline;
  }
}
