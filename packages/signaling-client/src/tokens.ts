import { create } from "@bufbuild/protobuf";
import { ReauthenticateRequestSchema } from "@peerline/protocol";
import { bounded } from "./bounded.ts";
import { headersOf, type Runtime } from "./runtime.ts";
import { lengthMs } from "./server-length.ts";
import { SignalingError } from "./signaling-error.ts";

/** Only the first refusal in a row is followed by an immediate repetition. */
const eagerFailures = 1;

/** A stream that is being opened takes the new token itself; one that is open is told. PROTOCOL 1.12. */
export function onToken(runtime: Runtime): void {
  const { current, plan } = runtime.link;
  const { sending } = runtime.sender;
  if (sending.failures <= eagerFailures) runtime.sender.sending = { ...sending, retryAt: 0 };
  if (current !== undefined && plan.type !== "authing") void reauthenticate(runtime);
  runtime.dispatch({ type: "tokenReady" });
}

/** The link decides whether that was the end. */
export function onTokenError(runtime: Runtime, error: SignalingError): void {
  runtime.options.logger?.warn("no new token", { cause: error.message });
  runtime.dispatch({ type: "tokenFailed", error });
}

/** An expired token is the sender's own matter; everything else moves the link. */
export function onSendError(runtime: Runtime, error: SignalingError): void {
  if (error.code !== "unauthenticated") runtime.dispatch({ type: "sendFailed", error });
  else if (!runtime.keeper.usable()) runtime.keeper.fetch();
}

async function reauthenticate(runtime: Runtime): Promise<void> {
  const { keeper, client, options, post, timing } = runtime;
  const { token } = keeper;
  try {
    const request = create(ReauthenticateRequestSchema, { endpointId: options.endpointId });
    const { tokenValidFor } = await bounded(runtime, timing.unaryIdleMs, (signal) =>
      client.reauthenticate(request, { signal, headers: headersOf(token) }),
    );
    post(() => {
      const validForMs = lengthMs(tokenValidFor);
      if (validForMs !== undefined && keeper.token === token) keeper.validFor(validForMs);
    });
  } catch (reason) {
    const error = SignalingError.from(reason);
    options.logger?.warn("the new token was not taken", { cause: error.message });
    post(() => {
      if (error.code === "unauthenticated") keeper.refuse(token);
      keeper.retryLater();
    });
  }
}
