import type { Invite } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import type { CommandScene } from "../scene.ts";

/** Refuses an Invite without an offer, or with more metadata than is allowed. */
export function assertInvite(scene: CommandScene, invite: Invite): void {
  if (invite.offer === undefined) {
    throw new ServerError("malformed", "invite.offer is missing. Send the offer with the Invite.", {
      field: "invite.offer",
    });
  }
  const max = scene.services.config.limits.metadataBytes;
  const bytes = Object.entries(invite.metadata).reduce(
    (sum, pair) => sum + Buffer.byteLength(pair.join("")),
    0,
  );
  if (bytes > max) {
    throw new ServerError(
      "too-large",
      `invite.metadata has ${bytes} bytes, at most ${max} are allowed. Send less.`,
      {
        field: "invite.metadata",
      },
    );
  }
}

/** Refuses a token that may only answer. */
export function assertScope(scene: CommandScene): void {
  if (!scene.identity.scopes.place) {
    throw new ServerError(
      "not-allowed",
      'This token may not place calls. Issue one with the scope "call:place".',
    );
  }
}
