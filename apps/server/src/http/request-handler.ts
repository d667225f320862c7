import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { type ConnectRouter, createConnectRouter, createContextValues } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { Logger } from "@peerline/call-machine";
import { bodyCheckContext, signedInContext } from "../rpc/request-gate.ts";
import { addressContext, cutContext } from "../rpc/routes.ts";
import { createCheckedBody } from "./body.ts";
import { clientAddress } from "./client-address.ts";
import type { Connection, Holding } from "./connections.ts";
import { corsHeaders, type OriginRules, preflightHeaders } from "./cors.ts";
import { errorBody } from "./error-body.ts";
import { boundDeadline } from "./far-deadline.ts";
import type { ConnectionHandler } from "./listener.ts";
import type { Networks } from "./networks.ts";

export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

export interface HandlerOptions {
  readonly routes: (router: ConnectRouter) => void;
  readonly origins: OriginRules;
  /** Whose `X-Forwarded-For` is believed. */
  readonly proxies: Networks;
  readonly maxRequestBytes: number;
  /** Answers by path, before the RPCs: health and version. */
  readonly probes: ReadonlyMap<string, () => { readonly status: number; readonly body: unknown }>;
  readonly logger: Logger;
}

/** One request listener for HTTP/1.1 and HTTP/2: probes, CORS, RPCs, and a Connect error for everything else. */
export function createRequestHandler(options: HandlerOptions): ConnectionHandler {
  const router = createConnectRouter();
  options.routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response, connection) => {
    response.on("error", () => {});
    const address = addressOf(request, options.proxies);
    const holding = connection.begin(request, response, address);
    if (connection.isEnding() && "shouldKeepAlive" in response) response.shouldKeepAlive = false;
    const origin = headerOf(request, "origin");
    const headers = corsHeaders(origin, options.origins);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (request.method === "OPTIONS") return preflight(response, "access-control-allow-origin" in headers);
    const probe = options.probes.get(path);
    if (probe) {
      const { status, body } = probe();
      return sendJson(response, status, body);
    }
    const handler = handlers.get(path);
    if (!handler)
      return sendJson(
        response,
        404,
        errorBody("unimplemented", `There is nothing at ${path.slice(0, 200)}. Check the URL.`),
      );
    void serve(handler, request, response, { ...options, address, connection, holding });
  };
}

/** Whose request is served, and on what. */
interface Served {
  readonly address: string;
  readonly connection: Connection;
  readonly holding: Holding;
}

async function serve(
  handler: UniversalHandler,
  request: NodeRequest,
  response: NodeResponse,
  options: HandlerOptions & Served,
): Promise<void> {
  try {
    const values = createContextValues();
    const raw = universalRequestFromNodeRequest(request, response, undefined, values);
    boundDeadline(raw.header);
    const body = createCheckedBody(raw.body as AsyncIterable<Uint8Array>, {
      handler,
      contentType: headerOf(request, "content-type") ?? "",
      maxBytes: options.maxRequestBytes,
      onBytes: options.holding.holds,
      get: request.method === "GET" ? new URL(raw.url) : undefined,
    });
    values.set(bodyCheckContext, body.check);
    values.set(addressContext, options.address);
    values.set(signedInContext, options.connection.signedIn);
    values.set(cutContext, () => request.socket?.destroy());
    const answer = await handler({ ...raw, body: body.chunks });
    if (answer.body === undefined && answer.status >= 400) return refuse(response, answer.status);
    await universalResponseToNodeResponse(answer, response);
  } catch (reason) {
    options.logger.debug("a request was cut off", { path: handler.requestPath, reason: String(reason) });
    response.destroy();
  }
}

const refusals: Readonly<Record<number, string>> = {
  405: "Use POST.",
  415: "Use the content type application/proto or application/json, application/connect+proto or application/connect+json for Receive, or gRPC's.",
  505: "Use another HTTP version.",
};

function refuse(response: NodeResponse, status: number): void {
  sendJson(response, status, errorBody("malformed", refusals[status] ?? "The request cannot be served."));
}

function preflight(response: NodeResponse, allowed: boolean): void {
  for (const [name, value] of Object.entries(allowed ? preflightHeaders() : {}))
    response.setHeader(name, value);
  response.statusCode = allowed ? 204 : 403;
  response.end();
}

function sendJson(response: NodeResponse, status: number, body: unknown): void {
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  response.statusCode = status;
  response.end(JSON.stringify(body));
}

function addressOf(request: NodeRequest, proxies: Networks): string {
  return clientAddress(request.socket.remoteAddress ?? "", headerOf(request, "x-forwarded-for"), proxies);
}

function headerOf(request: NodeRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
