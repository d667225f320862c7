import {
  ErrorCode,
  type Event,
  type GoAway,
  GoAway_Action,
  type Hello,
  type ReceiveResponse,
} from "@peerline/protocol";
import { afterHello, arrive, ping, sameBytes } from "./cursor.ts";
import { helloInput, limitsOf, timingOf } from "./hello.ts";
import { deliver, type Runtime } from "./runtime.ts";
import { abandon } from "./sender.ts";
import { afterEvent, afterHello as sendingAfterHello } from "./sending.ts";
import { lengthMs, longestPauseMs } from "./server-length.ts";

/** Applies one frame. Frames of a stream that is neither the current one nor the one being opened have no effect. */
export function onFrame(runtime: Runtime, stream: number, { frame }: ReceiveResponse): void {
  const { plan, current } = runtime.link;
  if (plan.type === "opening" && plan.stream === stream) {
    if (frame.case === "hello") onHello(runtime, stream, frame.value);
    if (frame.case === "goAway") onGoAway(runtime, stream, frame.value);
  } else if (current?.stream === stream) {
    runtime.dispatch({ type: "heard", stream });
    onLiveFrame(runtime, stream, frame);
  }
}

function onLiveFrame(runtime: Runtime, stream: number, frame: ReceiveResponse["frame"]): void {
  switch (frame.case) {
    case "hello":
      // A stream has one; only a row of Polls has more.
      if (runtime.link.current?.carrier === "poll") onNextHello(runtime, stream, frame.value);
      break;
    case "event":
      onEvent(runtime, stream, frame.value);
      break;
    case "ping":
      onPing(runtime, stream, frame.value.topOffset);
      break;
    case "goAway":
      onGoAway(runtime, stream, frame.value);
      break;
    case "presence":
      deliver(runtime, { type: "presence", update: frame.value });
      break;
    case "tokenExpiring":
      runtime.keeper.fetch();
      break;
  }
}

function onHello(runtime: Runtime, stream: number, hello: Hello): void {
  const afterLoss = runtime.link.current === undefined;
  runtime.dispatch({ type: "hello", stream });
  adopt(runtime, stream, hello, afterLoss);
}

/** The hello of a later Poll of a row. A short one (no timers) says that nothing lies between; any other is one like the first. */
function onNextHello(runtime: Runtime, stream: number, hello: Hello): void {
  const { epoch } = runtime.cursor;
  const goesOn = hello.resumed && epoch !== undefined && sameBytes(epoch, hello.epoch);
  if (!goesOn || hello.timers !== undefined) {
    adopt(runtime, stream, hello, !goesOn);
    return;
  }
  noteTokenLife(runtime, hello);
}

function noteTokenLife({ keeper }: Runtime, { tokenValidFor }: Hello): void {
  const validForMs = lengthMs(tokenValidFor);
  if (validForMs !== undefined) keeper.validFor(validForMs);
}

function adopt(runtime: Runtime, stream: number, hello: Hello, afterLoss: boolean): void {
  const before = runtime.cursor;
  const cursor = afterHello(before, hello);
  if (cursor === undefined) {
    runtime.dispatch({ type: "gap", stream, useCursor: false });
    return;
  }
  const sameEpoch = before.epoch !== undefined && sameBytes(before.epoch, hello.epoch);
  runtime.cursor = cursor;
  runtime.timing = timingOf(hello, runtime.timing);
  noteTokenLife(runtime, hello);
  if (afterLoss || !sameEpoch) abandon(runtime.sender);
  runtime.sender.sending = sendingAfterHello(runtime.sender.sending, {
    epoch: hello.epoch,
    sameEpoch,
    resumed: hello.resumed,
    offset: cursor.offset,
    lastSeq: hello.lastClientSeq,
    limits: limitsOf(hello),
  });
  runtime.options.logger?.info("signaling is up", {
    stream,
    resumed: hello.resumed,
    carrier: runtime.link.current?.carrier,
  });
  deliver(runtime, helloInput(hello));
  if (cursor.caughtUp) deliver(runtime, { type: "caughtUp" });
}

/** Applying and advancing are one step. An event of an unknown kind advances the cursor and nothing else (row 96). */
function onEvent(runtime: Runtime, stream: number, event: Event): void {
  const [arrival, cursor] = arrive(runtime.cursor, event.offset);
  if (arrival === "gap") runtime.dispatch({ type: "gap", stream, useCursor: true });
  if (arrival !== "apply") return;
  const catchesUp = cursor.caughtUp && !runtime.cursor.caughtUp;
  runtime.cursor = cursor;
  const { sender, options } = runtime;
  sender.sending = afterEvent(sender.sending, event, options.clock.now());
  if (event.body.case !== undefined) deliver(runtime, { type: "event", event });
  if (catchesUp) deliver(runtime, { type: "caughtUp" });
}

function onPing(runtime: Runtime, stream: number, topOffset: bigint): void {
  const [cursor, lost] = ping(runtime.cursor, topOffset);
  runtime.cursor = cursor;
  if (lost) runtime.dispatch({ type: "gap", stream, useCursor: true });
}

function onGoAway(runtime: Runtime, stream: number, goAway: GoAway): void {
  if (goAway.reason === ErrorCode.TOKEN_EXPIRED) runtime.keeper.refuse(runtime.streams.get(stream)?.token());
  const afterMs = lengthMs(goAway.after, longestPauseMs) ?? 0;
  runtime.dispatch({ type: "goAway", stream, action: actionOf(goAway), afterMs, reason: goAway.reason });
}

/** Unspecified and unknown actions are a resume. */
function actionOf({ action }: GoAway): "resume" | "restart" | "stop" {
  if (action === GoAway_Action.STOP) return "stop";
  return action === GoAway_Action.RESTART ? "restart" : "resume";
}
