import type { LinkState } from "@peerline/call-machine";

export type LinkLook = "ready" | "connecting" | "noServer" | "stopped";

/** The link in the words of the header. `hasTrouble`: the first connection failed, or takes longer than a person expects. */
export function linkLook(link: LinkState, hasTrouble: boolean): LinkLook {
  switch (link) {
    case "online":
      return "ready";
    case "connecting":
      return hasTrouble ? "noServer" : "connecting";
    case "interrupted":
      return "noServer";
    case "stopped":
      return "stopped";
  }
}
