import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Event, Hello, PresenceUpdate, ReceiveResponse } from "@peerline/protocol";
import type { TestEndpoint } from "./endpoint.ts";

/** The answer to one Poll. */
export interface PollAnswer {
  readonly hello: Hello;
  /** The kinds of all frames, in order. */
  readonly kinds: readonly (ReceiveResponse["frame"]["case"] | string)[];
  readonly events: readonly Event[];
  readonly presence: readonly PresenceUpdate[];
  readonly frames: readonly ReceiveResponse["frame"][];
}

/** One endpoint that polls: each Poll resumes behind the last event of the answer before, unless that one is lost. */
export interface TestPoller {
  poll(waitMs?: number, more?: { readonly attempt?: number; readonly lose?: boolean }): Promise<PollAnswer>;
  /** Gives up the Poll under way, as a page does. */
  abandon(): void;
}

export function createPoller(endpoint: TestEndpoint, resume = true): TestPoller {
  const headers = { Authorization: `Bearer ${endpoint.token}` };
  const client = { protocolMin: 1, protocolMax: 1, product: "test" };
  let cursor = resume ? { epoch: endpoint.hello().epoch, offset: 0n } : undefined;
  let abort = new AbortController();
  return {
    async poll(waitMs = 0, { attempt = 0, lose = false } = {}) {
      abort = new AbortController();
      const receive = { endpointId: endpoint.endpointId, client, attempt, ...(cursor && { resume: cursor }) };
      const request = { receive, wait: durationFromMs(waitMs) };
      const { frames } = await endpoint.client.poll(request, { headers, signal: abort.signal });
      const answer = answerOf(frames);
      if (lose) return answer;
      const offset = answer.events.at(-1)?.offset ?? (answer.hello.resumed ? cursor?.offset : undefined);
      cursor = { epoch: answer.hello.epoch, offset: offset ?? answer.hello.topOffset };
      return answer;
    },
    abandon: () => abort.abort(),
  };
}

function answerOf(list: readonly ReceiveResponse[]): PollAnswer {
  const frames = list.map(({ frame }) => frame);
  const first = frames[0];
  if (first?.case !== "hello") throw new Error("the first frame is no Hello");
  const events = frames.flatMap((frame) => (frame.case === "event" ? [frame.value] : []));
  return {
    hello: first.value,
    kinds: frames.map((frame) => (frame.case === "event" ? (frame.value.body.case ?? "") : frame.case)),
    events,
    presence: frames.flatMap((frame) => (frame.case === "presence" ? [frame.value] : [])),
    frames,
  };
}
