import { create } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { accountOf, durationMs } from "@peerline/call-machine/wire";
import { DevelopmentService, ErrorCode, SignInRequestSchema } from "@peerline/protocol";
import { SignalingError } from "@peerline/signaling-client";
import type { AccessToken } from "./peerline.ts";

/** What the server has not answered by then it will not, in ms. Shorter than a token is waited for, so that it is told as the server's. */
const timeoutMs = 8_000;

/**
 * Sign-in by name alone, as a server that was started for development offers it. Rejects with a `SignalingError`: `bad-user` for a
 * name that the server does not take, `unauthenticated` where there is no such sign-in.
 */
export function developmentSignIn(
  transport: Transport,
  user: string,
  displayName: string,
): () => Promise<AccessToken> {
  const { signIn } = DevelopmentService.method;
  return async () => {
    const request = create(SignInRequestSchema, {
      user: accountOf(user) ?? user,
      displayName,
    });
    try {
      const { message } = await transport.unary(signIn, undefined, timeoutMs, undefined, request);
      const { token, validFor } = message;
      if (token === "") throw new Error("no token");
      return { token, validForMs: durationMs(validFor) };
    } catch (reason) {
      throw refusalOf(SignalingError.from(reason));
    }
  };
}

/** What the server says of the name is final, and so is that it lets nobody in by name alone. */
function refusalOf(error: SignalingError): SignalingError {
  if (error.code === "misconfigured" || error.detail?.code === ErrorCode.UNIMPLEMENTED)
    return new SignalingError("unauthenticated", "this server has no sign-in by name alone: give a getToken");
  if (error.code === "refused") return new SignalingError("bad-user", error.message, { cause: error });
  return error;
}
