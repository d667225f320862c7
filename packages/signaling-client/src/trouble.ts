import type { LinkTroubleCode } from "@peerline/call-machine";
import type { SignalingErrorCode } from "./signaling-error.ts";

/** Why a link is down: a word for programs, and what was seen or said. */
export interface Reason {
  readonly code: LinkTroubleCode;
  readonly cause: string;
}

/** The server gave no answer, or none that is of use. */
export function unreachable(cause: string): Reason {
  return { code: "unreachable", cause };
}

/** The platform says that there is no network. */
export const offline: Reason = { code: "offline", cause: "offline" };

/** What a failed exchange says about the link. */
export function reasonOf({ code, message }: { code: SignalingErrorCode; message: string }): Reason {
  return { code: byError.get(code) ?? "unreachable", cause: message };
}

const byError = new Map<SignalingErrorCode, LinkTroubleCode>([
  ["unauthenticated", "refused"],
  ["not-allowed", "refused"],
  ["misconfigured", "wrong-server"],
  ["wrong-server", "wrong-server"],
  ["no-token", "no-token"],
  ["bad-user", "bad-user"],
  ["refused", "wrong-server"],
]);

/** What is wrong and what mends it, for a person, with what was seen. `address`: where the server should be. */
export function troubleText({ code, cause }: Reason, address = "the server's address"): string {
  return `${words(code, address)} (${cause})`;
}

function words(code: LinkTroubleCode, address: string): string {
  switch (code) {
    case "offline":
      return "This device has no network. Connect it; the rest follows by itself.";
    case "wrong-server":
      return `What answers at ${address} is no Peerline server. Check the address, and the network's sign-in page.`;
    case "no-token":
      return "There is no access token. Check what getToken does.";
    case "refused":
      return "The server refuses the access token. Check what getToken brings.";
    default:
      return `No answer from ${address}. Check that the server runs, and the address.`;
  }
}
