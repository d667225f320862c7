import { create } from "@bufbuild/protobuf";
import { GetIceServersRequestSchema, type IceServer } from "@peerline/protocol";
import { bounded } from "./bounded.ts";
import { headersOf, type Runtime } from "./runtime.ts";
import { lengthMs } from "./server-length.ts";
import { SignalingError } from "./signaling-error.ts";

/** STUN and TURN servers with credentials that were made just now. */
export interface FreshIceServers {
  readonly servers: readonly IceServer[];
  /** How long the credentials make new allocations, in ms from now. Undefined: for ever. */
  readonly validForMs: number | undefined;
}

/**
 * Asks the server for fresh credentials; a refused token is replaced and the question repeated once. Resolves to
 * undefined when there is no answer within `iceServersMs` (2 s), and never rejects. PROTOCOL 1.12, row 67.
 */
export async function freshIceServers(runtime: Runtime): Promise<FreshIceServers | undefined> {
  try {
    return await bounded(runtime, runtime.timing.iceServersMs, (signal) => ask(runtime, signal));
  } catch (reason) {
    runtime.options.logger?.debug("no fresh ICE servers", { cause: SignalingError.from(reason).message });
    return undefined;
  }
}

async function ask(runtime: Runtime, signal: AbortSignal): Promise<FreshIceServers> {
  const { keeper } = runtime;
  if (!keeper.usable()) await keeper.renewed();
  const { token } = keeper;
  try {
    return await request(runtime, token, signal);
  } catch (reason) {
    const error = SignalingError.from(reason);
    if (error.code !== "unauthenticated" || signal.aborted) throw error;
    keeper.refuse(token);
    await keeper.renewed();
    return await request(runtime, keeper.token, signal);
  }
}

async function request(
  { client, options }: Runtime,
  token: string | undefined,
  signal: AbortSignal,
): Promise<FreshIceServers> {
  const message = create(GetIceServersRequestSchema, { endpointId: options.endpointId });
  const { servers, validFor } = await client.getIceServers(message, { signal, headers: headersOf(token) });
  return { servers, validForMs: lengthMs(validFor) };
}
