import type { LinkState } from "@peerline/call-machine";

export type LinkLook = "ready" | "connecting" | "noServer" | "stopped";

/** The link in the words of the header. `slow`: the first connection takes longer than a person expects. */
export function linkLook(link: LinkState, slow: boolean): LinkLook {
  switch (link) {
    case "online":
      return "ready";
    case "connecting":
      return slow ? "noServer" : "connecting";
    case "interrupted":
      return "noServer";
    case "stopped":
      return "stopped";
  }
}
