import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CallId, ControlSignal, EndReason } from "@peerline/call-machine";
import {
  endReasonFromWire,
  endReasonToWire,
  fromHex,
  fromMediaState,
  toHex,
  toMediaState,
} from "@peerline/call-machine/wire";
import { type Bye, ByeSchema, type ControlFrame, ControlFrameSchema } from "@peerline/protocol";

/** A data-channel message is at most this long: PROTOCOL section 5, T33. */
export const maxFrameBytes = 16_384;

/** The bytes of a signal for the control channel. */
export function encodeControl(callId: CallId, signal: ControlSignal): Uint8Array<ArrayBuffer> {
  const body: ControlFrame["body"] =
    signal.type === "bye"
      ? { case: "bye", value: toBye(callId, signal.reason) }
      : { case: "mediaState", value: toMediaState(callId, signal.state) };
  return toBinary(ControlFrameSchema, create(ControlFrameSchema, { body }));
}

/** The signal in a control message of this call; `undefined` when it is malformed, foreign, or newer than this code. */
export function decodeControl(callId: CallId, bytes: Uint8Array): ControlSignal | undefined {
  const body = readFrame(bytes)?.body;
  if (body?.case === undefined || toHex(body.value.callId) !== callId) return undefined;
  if (body.case === "bye") return { type: "bye", reason: endReasonFromWire(body.value.reason) ?? "hung-up" };
  return body.value.revision > 0 ? { type: "mediaState", state: fromMediaState(body.value) } : undefined;
}

function readFrame(bytes: Uint8Array): ControlFrame | undefined {
  if (bytes.length > maxFrameBytes) return undefined;
  try {
    return fromBinary(ControlFrameSchema, bytes);
  } catch {
    return undefined;
  }
}

function toBye(callId: CallId, reason: EndReason): Bye {
  return create(ByeSchema, { callId: fromHex(callId), reason: endReasonToWire(reason) });
}
