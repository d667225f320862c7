import { create } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { durationMs } from "@peerline/call-machine/wire";
import { DevelopmentService, SignInRequestSchema } from "@peerline/protocol";
import type { AccessToken } from "./peerline.ts";

/** Sign-in by name alone, as a server that was started for development offers it. */
export function developmentSignIn(
  transport: Transport,
  user: string,
  displayName: string,
): () => Promise<AccessToken> {
  const client = createClient(DevelopmentService, transport);
  return async () => {
    const { token, validFor } = await client.signIn(create(SignInRequestSchema, { user, displayName }));
    return { token, validForMs: durationMs(validFor) };
  };
}
