import { type ContextValues, createContextKey, type HandlerContext } from "@connectrpc/connect";
import { DevelopmentService } from "@peerline/protocol";
import { bearerToken, identityContext, type TokenVerifier } from "../auth/identity.ts";
import { ServerError } from "../errors/server-error.ts";
import { toConnectError } from "../errors/to-connect.ts";

/** Checks the bytes of the body before they are handed on; throws `ServerError`. */
export type BodyCheck = () => Promise<void>;

/** Set by the HTTP side, which sees the bytes; absent for in-process transports. */
export const bodyCheckContext = createContextKey<BodyCheck | undefined>(undefined, {
  description: "body check",
});

/** Told when a request comes with a good token; set by the HTTP side. */
export const signedInContext = createContextKey<() => void>(() => {}, { description: "signed in" });

const encodingHeaders = ["content-encoding", "connect-content-encoding", "grpc-encoding"];

/**
 * Runs before a message is read: no compressed requests (so nothing inflates), a valid token unless the method is the
 * development sign-in, then the check of the body. `onError` hears of each refusal. PROTOCOL 1.12, T15.
 */
export function createRequestGate(
  verify: TokenVerifier,
  onError: (reason: unknown, values: ContextValues) => void,
): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    try {
      assertPlain(context.requestHeader);
      if (context.service.typeName !== DevelopmentService.typeName) {
        const token = bearerToken(context.requestHeader.get("authorization"));
        context.values.set(identityContext, await verify(token));
        context.values.get(signedInContext)();
      }
      await context.values.get(bodyCheckContext)?.();
    } catch (reason) {
      onError(reason, context.values);
      throw toConnectError(reason);
    }
  };
}

function assertPlain(header: Headers): void {
  for (const name of encodingHeaders) {
    const encoding = header.get(name) ?? "identity";
    if (encoding === "identity" || encoding === "") continue;
    throw new ServerError(
      "unimplemented",
      `Compressed requests (${encoding.slice(0, 32)}) are not served. Send them uncompressed.`,
    );
  }
}
