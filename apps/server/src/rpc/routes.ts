import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  type ConnectRouter,
  type ContextValues,
  createContextKey,
  type HandlerContext,
} from "@connectrpc/connect";
import { accountOf } from "@peerline/call-machine/wire";
import { DevelopmentService, SignalingService } from "@peerline/protocol";
import { type Identity, identityInGraceOf, identityOf, type TokenVerifier } from "../auth/identity.ts";
import { cleanName } from "../auth/token-verifier.ts";
import { createErrorInterceptor } from "../errors/interceptor.ts";
import { ServerError } from "../errors/server-error.ts";
import { addressGroup } from "../http/client-address.ts";
import { maxDeadlineMs } from "../http/far-deadline.ts";
import { iceServers } from "../ice/ice-servers.ts";
import { assertInTime } from "../limits/too-fast.ts";
import type { Services } from "../services.ts";
import type { Carrier } from "../session/receive.ts";
import type { SessionService } from "../session/session-service.ts";
import { wallNow } from "../system-clock.ts";
import { createRequestGate } from "./request-gate.ts";
import { createValidationInterceptor } from "./validation.ts";

/** Cuts the connection of a request; set by the HTTP side. */
export const cutContext = createContextKey<() => void>(() => {}, { description: "cut the connection" });

/** Where the client of a request is; set by the HTTP side, absent for in-process transports. */
export const addressContext = createContextKey<string | undefined>(undefined, {
  description: "client address",
});

/** Issues a development token; undefined where the application issues them. */
export type TokenIssuer = (user: string, displayName: string) => Promise<string>;

export interface RouteParts {
  readonly services: Services;
  readonly sessions: SessionService;
  readonly verify: TokenVerifier;
  readonly issue: TokenIssuer | undefined;
  /** Told of each request whose token is not accepted: a word for why, and where the client is. */
  readonly onRefused: (reason: string, address: string | undefined) => void;
}

/**
 * The RPCs, for any Connect router. Every error carries an `Error` detail; `DevelopmentService` is there only with a
 * token issuer. PROTOCOL 1.15.
 */
export function createServiceRoutes(parts: RouteParts): (router: ConnectRouter) => void {
  const { services, issue } = parts;
  const { limits } = services.config;
  const onBug = (method: string, reason: unknown) => {
    services.logger.warn("a request met a bug", {
      method,
      reason: reason instanceof Error ? reason.stack : "",
    });
  };
  const onError = (reason: unknown, values: ContextValues) => {
    if (!(reason instanceof ServerError)) return;
    const { code, fields } = reason;
    if (code !== "unauthenticated" && code !== "revoked" && fields.reason === undefined) return;
    parts.onRefused(fields.reason ?? code, values.get(addressContext));
  };
  const options = {
    readMaxBytes: limits.requestBytes,
    writeMaxBytes: limits.responseBytes,
    maxTimeoutMs: maxDeadlineMs,
    acceptCompression: [],
    interceptors: [createErrorInterceptor(onBug, onError), createValidationInterceptor()],
    requestGate: createRequestGate(parts.verify, onError),
  };
  return (router) => {
    router.service(SignalingService, signaling(parts), options);
    if (issue) router.service(DevelopmentService, development(parts, issue), options);
  };
}

function signaling({ services, sessions }: RouteParts) {
  const { config, clock, limiters } = services;
  const assertRare = (method: string, identity: Identity) => {
    assertInTime(
      `This account asks for ${method} too often.`,
      limiters.rareRequests.take(`${method} ${identity.user}`),
    );
    return identity;
  };
  return {
    receive(request: Parameters<SessionService["receive"]>[1], context: HandlerContext) {
      context.responseHeader.set("X-Accel-Buffering", "no");
      context.responseHeader.set("Cache-Control", "no-transform");
      return sessions.receive(identityInGraceOf(context), request, carrierOf(context));
    },
    async send(request: Parameters<SessionService["send"]>[1], context: HandlerContext) {
      const { results, top } = await sessions.send(identityInGraceOf(context), request);
      return { results: [...results], topOffset: BigInt(top) };
    },
    getIceServers(_request: { endpointId: Uint8Array }, context: HandlerContext) {
      const { user } = assertRare("getIceServers", identityOf(context));
      const validForMs = config.timers.iceCredentialMs;
      const ice = iceServers(config.ice, { user, now: wallNow(clock), validForMs });
      const servers = [...ice.servers];
      return ice.validForMs === undefined
        ? { servers }
        : { servers, validFor: durationFromMs(ice.validForMs) };
    },
    reauthenticate(request: { endpointId: Uint8Array }, context: HandlerContext) {
      const validMs = sessions.reauthenticate(
        assertRare("reauthenticate", identityOf(context)),
        request.endpointId,
      );
      return { tokenValidFor: durationFromMs(validMs) };
    },
    async detach(request: Parameters<SessionService["detach"]>[1], context: HandlerContext) {
      await sessions.detach(assertRare("detach", identityInGraceOf(context)), request);
      return {};
    },
    async poll(request: Parameters<SessionService["poll"]>[1], context: HandlerContext) {
      context.responseHeader.set("Cache-Control", "no-store");
      return { frames: [...(await sessions.poll(identityInGraceOf(context), request, carrierOf(context)))] };
    },
  };
}

function carrierOf({ signal, values }: HandlerContext): Carrier {
  return { signal, address: values.get(addressContext), destroy: values.get(cutContext) };
}

function development({ services, sessions }: RouteParts, issue: TokenIssuer) {
  return {
    async signIn(request: { user: string; displayName: string }, { values }: HandlerContext) {
      const address = values.get(addressContext);
      if (address !== undefined) {
        assertInTime(
          "Too many sign in from this address.",
          services.limiters.signIns.take(addressGroup(address)),
        );
      }
      const user = accountOf(request.user) ?? request.user;
      const displayName = cleanName(request.displayName || request.user) || user;
      sessions.presence.known(user, displayName);
      const token = await issue(user, displayName);
      return { token, validFor: durationFromMs(services.config.timers.tokenLifeMs) };
    },
  };
}
