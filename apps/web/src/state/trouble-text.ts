import type { LinkTroubleCode } from "@peerline/call-machine";
import type { PeerlineView } from "@peerline/client";
import { texts } from "./texts.ts";

/**
 * Why there is no link to `server`, and what a person can do about it. `undefined` while there is one, and while nothing has failed.
 * What is tried again says so; what is final does not.
 */
export function troubleText(
  { link, trouble, stopped }: Pick<PeerlineView, "link" | "trouble" | "stopped">,
  server: string,
): string | undefined {
  if (link === "online") return undefined;
  if (link === "stopped")
    return final(trouble?.code, server) ?? stopped?.text ?? trouble?.text ?? texts.trouble.closed;
  if (link === "connecting" && !trouble) return undefined;
  return `${passing(trouble?.code, server)} ${texts.trouble.again}`;
}

function final(code: LinkTroubleCode | undefined, server: string): string | undefined {
  switch (code) {
    case "wrong-server":
      return texts.trouble.wrongServer(server);
    case "no-token":
      return texts.trouble.noSignIn(server);
    case "refused":
      return texts.trouble.refused(server);
    case "bad-user":
      return texts.trouble.badUser;
    case "superseded":
      return texts.trouble.superseded;
    case "unsupported-version":
      return texts.trouble.oldPage;
    case "signed-out":
    case "closed":
      return texts.trouble.closed;
    default:
      return undefined;
  }
}

function passing(code: LinkTroubleCode | undefined, server: string): string {
  if (code === "offline") return texts.trouble.offline;
  return code === "wrong-server" ? texts.trouble.wrongServer(server) : texts.trouble.unreachable(server);
}
