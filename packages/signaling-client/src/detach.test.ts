import { create, fromBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createRouterTransport } from "@connectrpc/connect";
import { DetachRequest_Intent, DetachRequestSchema, type Life, LifeSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { detachBeacon } from "./detach.ts";
import { createContractWorld, createLoopbackService, worldEndpointId } from "./testing/index.ts";

const life = create(LifeSchema, {
  id: new Uint8Array(8).fill(7),
  started: timestampFromMs(1_000),
  requestNumber: 3,
});
const initOf = (message: Life | undefined): Partial<Life> => {
  const { $typeName: _name, ...init } = message ?? life;
  return init;
};
const notice = {
  token: "secret",
  endpointId: worldEndpointId,
  intent: DetachRequest_Intent.PAGE_GONE,
  life,
};

test("the beacon is one POST that outlives the page", async () => {
  const posts: { url: string; init: RequestInit | undefined }[] = [];
  detachBeacon({
    ...notice,
    baseUrl: "https://calls.example/api/",
    fetch: async (url, init) => {
      posts.push({ url: String(url), init });
      return new Response();
    },
  });
  const body = posts[0]?.init?.body;
  expect(posts).toEqual([
    {
      url: "https://calls.example/api/peerline.signaling.v1.SignalingService/Detach",
      init: {
        method: "POST",
        keepalive: true,
        redirect: "error",
        headers: {
          Authorization: "Bearer secret",
          "Content-Type": "application/proto",
          "Connect-Protocol-Version": "1",
        },
        body,
      },
    },
  ]);
  const request = body instanceof Uint8Array ? fromBinary(DetachRequestSchema, body) : undefined;
  expect([request?.intent, request?.endpointId, request?.life]).toEqual([
    DetachRequest_Intent.PAGE_GONE,
    worldEndpointId,
    life,
  ]);
});

test("a beacon that cannot be sent throws nothing", () => {
  const fetch = () => {
    throw new TypeError("no network");
  };
  expect(() => detachBeacon({ ...notice, baseUrl: "https://calls.example", fetch })).not.toThrow();
});

test("a session leaves by the application's way when there is one", async () => {
  const service = createLoopbackService();
  const notices: unknown[] = [];
  const world = createContractWorld(service, createRouterTransport(service.routes), {
    detach: (given) => notices.push(given),
  });
  await world.live();
  world.session.stop("page-gone");
  world.session.stop("sign-out");
  const received = await service.requests.first(({ rpc }) => rpc === "receive");
  expect(notices).toEqual([
    {
      token: "token-1",
      endpointId: worldEndpointId,
      intent: DetachRequest_Intent.PAGE_GONE,
      life: received.rpc === "receive" && initOf(received.request.life),
    },
  ]);
});
