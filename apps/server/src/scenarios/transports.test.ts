import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import {
  createGrpcWebTransport as createBrowserGrpcWebTransport,
  createConnectTransport as createBrowserTransport,
} from "@connectrpc/connect-web";
import { EndReason } from "@peerline/protocol";
import { afterEach, expect, test } from "vitest";
import {
  accept,
  alerting,
  answerSdp,
  candidates,
  end,
  invite,
  newCallId,
  offerSdp,
} from "../testing/commands.ts";
import { openEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

test.each(["connect", "connect 1.1", "grpc", "grpc-web", "browser connect", "browser grpc-web"] as const)(
  "a call from invite to hang-up over %s",
  async (protocol) => {
    harness = await startHarness();
    const baseUrl = harness.server.url;
    const transport = {
      connect: () => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true }),
      "connect 1.1": () => createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false }),
      grpc: () => createGrpcTransport({ baseUrl }),
      "grpc-web": () => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
      "browser connect": () => createBrowserTransport({ baseUrl, useBinaryFormat: true }),
      "browser grpc-web": () => createBrowserGrpcWebTransport({ baseUrl }),
    }[protocol]();
    const ada = await openEndpoint(transport, "ada", { displayName: "Ada" });
    const bob = await openEndpoint(transport, "bob");
    const callId = newCallId();

    const placed = await ada.run(invite(callId, "bob"));
    expect(placed.error).toBeUndefined();
    expect(placed.applied).toBe(true);
    const incoming = await bob.event("incoming");
    expect(incoming.offer?.body.value).toBe(offerSdp);
    expect(incoming.call?.remote?.displayName).toBe("Ada");
    await bob.run(alerting(callId));
    expect((await ada.event("remoteAlerting")).endpoints).toBe(1);
    await ada.run(candidates(callId, 3));
    expect((await bob.event("candidates")).list).toHaveLength(3);
    expect((await bob.run(accept(callId))).applied).toBe(true);
    const accepted = await ada.event("accepted");
    expect(accepted.answer?.body.value).toBe(answerSdp);
    expect((await bob.event("accepted")).mine).toBe(true);
    expect((await ada.run(end(callId))).applied).toBe(true);
    expect((await bob.event("ended")).reason).toBe(EndReason.HANGUP);
    ada.cut();
    bob.cut();
  },
);
