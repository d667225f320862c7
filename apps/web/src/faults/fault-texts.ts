import type { LinkState } from "@peerline/call-machine";
import type { FaultState, LastingFault, MomentaryFault } from "@peerline/client/faults";

/** Everything a person reads in the fault drawer. Not in any build for people. */
export const faultTexts = {
  open: "Faults",
  title: "Faults",
  lead: "Break something here and see what a person sees. Only in development.",
  close: "Close faults",
  link: "Link",
  linkState: {
    connecting: "connecting",
    online: "online",
    interrupted: "interrupted",
    stopped: "stopped",
  } satisfies Record<LinkState, string>,
  call: "Call",
  noCall: "none",
  connection: "Connection",
  noConnection: "none",
  token: "Token",
  tokenState: { none: "none yet", good: "good", expired: "expired" } satisfies Record<
    FaultState["token"],
    string
  >,
  once: "Once",
  lasting: "Until switched off",
  times: (count: number) => `${count} ×`,
  networkChange: "Change the network",
  networkChangeHint: "As if the device moved from Wi-Fi to mobile data",
  momentary: {
    cut: { name: "Cut the stream", hint: "Every open request to the server breaks" },
    "expire-token": { name: "Expire the token", hint: "The server refuses it from now on" },
    "expire-turn": { name: "Expire TURN credentials", hint: "Relay servers refuse those handed out so far" },
  } satisfies Record<MomentaryFault, { readonly name: string; readonly hint: string }>,
  switches: {
    stall: { name: "Stall the stream", hint: "Connections stay open and swallow everything" },
    offline: { name: "Offline", hint: "The server cannot be reached; media goes on" },
    "force-relay": { name: "Relayed paths only", hint: "Looks for a new path at once" },
    "kill-media": { name: "Kill the media path", hint: "Nothing is sent, nothing arrives" },
  } satisfies Record<LastingFault, { readonly name: string; readonly hint: string }>,
} as const;
