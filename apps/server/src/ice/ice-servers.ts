import { createHmac } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { type IceServer, IceServerSchema } from "@peerline/protocol";
import type { IceConfig } from "../config/config.ts";

/** What a client gives to RTCPeerConnection. */
export interface IceServers {
  readonly servers: readonly IceServer[];
  /** How long the credentials can make new allocations; undefined: nothing in the list expires. */
  readonly validForMs: number | undefined;
}

/** Whose credential, from when (wall clock, ms) and for how long. */
export interface TurnFor {
  readonly user: string;
  readonly now: number;
  readonly validForMs: number;
}

const msPerSecond = 1000;
const hashChars = 32;

/**
 * The configured servers, TURN with a short-lived credential as coturn's `use-auth-secret` takes it:
 * username `<expiry>:<hash of the account>`, credential base64(HMAC-SHA1(secret, username)). The hash is the same for all
 * endpoints of an account, so that coturn's `user-quota` counts accounts, and does not tell the TURN server who it is. PROTOCOL 1.12.
 */
export function iceServers(config: IceConfig, options: TurnFor): IceServers {
  const stun = config.stunUrls.length > 0 ? [create(IceServerSchema, { urls: [...config.stunUrls] })] : [];
  if (config.turnUrls.length === 0 || config.turnSecret === undefined)
    return { servers: stun, validForMs: undefined };
  const { username, credential } = turnCredential(config.turnSecret, options);
  const turn = create(IceServerSchema, { urls: [...config.turnUrls], username, credential });
  return { servers: [...stun, turn], validForMs: options.validForMs };
}

function turnCredential(
  secret: string,
  options: TurnFor,
): { readonly username: string; readonly credential: string } {
  const expiry = Math.floor((options.now + options.validForMs) / msPerSecond);
  const account = createHmac("sha256", secret)
    .update(`turn ${options.user}`)
    .digest("hex")
    .slice(0, hashChars);
  const username = `${expiry}:${account}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}
