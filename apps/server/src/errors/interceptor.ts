import { ConnectError, type ContextValues, type Interceptor, type StreamResponse } from "@connectrpc/connect";
import { ServerError } from "./server-error.ts";
import { toConnectError } from "./to-connect.ts";

/**
 * Outermost interceptor: whatever a handler throws leaves as a Connect error with an `Error` detail. `onBug` hears of
 * those that are the server's own fault, `onError` of all. PROTOCOL 1.10.
 */
export function createErrorInterceptor(
  onBug: (method: string, reason: unknown) => void,
  onError: (reason: unknown, values: ContextValues) => void,
): Interceptor {
  const convert = (method: string, reason: unknown, values: ContextValues) => {
    onError(reason, values);
    const expected =
      reason instanceof ServerError ? reason.code !== "internal" : reason instanceof ConnectError;
    if (!expected) onBug(method, reason);
    return toConnectError(reason);
  };
  return (next) => async (request) => {
    try {
      const response = await next(request);
      return response.stream
        ? guarded(response, (reason) => convert(request.method.name, reason, request.contextValues))
        : response;
    } catch (reason) {
      throw convert(request.method.name, reason, request.contextValues);
    }
  };
}

function guarded(response: StreamResponse, convert: (reason: unknown) => unknown): StreamResponse {
  return { ...response, message: guardedFrames(response.message, convert) };
}

async function* guardedFrames<T>(
  frames: AsyncIterable<T>,
  convert: (reason: unknown) => unknown,
): AsyncIterable<T> {
  try {
    yield* frames;
  } catch (reason) {
    throw convert(reason);
  }
}
