import { createPeerline, type Peerline } from "@peerline/client";

/** Tokens come from the application's own back end, over the session that the person already has there. */
export function signedIn(serverUrl: string, user: string): Peerline {
  return createPeerline({
    serverUrl,
    user,
    async getToken() {
      const response = await fetch("/api/peerline-token", { method: "POST" });
      if (!response.ok) throw new Error(`no token for calls: HTTP ${response.status}`);
      const { token, validForMs } = (await response.json()) as { token: string; validForMs: number };
      return { token, validForMs };
    },
    rtc: { iceTransportPolicy: "relay" },
  });
}
