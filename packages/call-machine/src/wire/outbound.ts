import { create } from "@bufbuild/protobuf";
import {
  AcceptSchema,
  AlertingSchema,
  BindingSchema,
  type Candidates,
  CandidatesSchema,
  type Description,
  Description_Type,
  DescriptionSchema,
  EndSchema,
  InviteSchema,
  type MediaState,
  MediaStateSchema,
  ReattachSchema,
} from "@peerline/protocol";
import type { CallCommand } from "../call/effects.ts";
import type { CommandAction } from "../ports.ts";
import type { CallId, CandidatesSignal, DescriptionSignal, MediaStateSignal } from "../types.ts";
import { fromHex } from "./ids.ts";
import { endReasonToWire, mediaKindToWire } from "./words.ts";

/** The protobuf command for a call's own. */
export function toAction(callId: CallId, command: CallCommand): CommandAction {
  const id = fromHex(callId);
  switch (command.type) {
    case "invite": {
      const offer = toDescription(callId, command.offer);
      const kind = mediaKindToWire(command.kind);
      return {
        case: "invite",
        value: create(InviteSchema, {
          callId: id,
          calleeUser: command.callee,
          kind,
          offer,
          ...bound(command),
        }),
      };
    }
    case "alerting": {
      const early = command.answer ? { earlyAnswer: toDescription(callId, command.answer) } : {};
      return { case: "alerting", value: create(AlertingSchema, { callId: id, ...early }) };
    }
    case "accept": {
      const answer = toDescription(callId, command.answer);
      const kind = mediaKindToWire(command.kind);
      return { case: "accept", value: create(AcceptSchema, { callId: id, kind, answer, ...bound(command) }) };
    }
    case "end":
      return {
        case: "end",
        value: create(EndSchema, {
          callId: id,
          reason: endReasonToWire(command.reason),
          ...(command.ticket ? { ticket: fromHex(command.ticket) } : {}),
        }),
      };
    case "reattach":
      return {
        case: "reattach",
        value: create(ReattachSchema, { callId: id, ticket: fromHex(command.ticket) }),
      };
    case "describe":
      return { case: "description", value: toDescription(callId, command.description) };
    case "candidates":
      return { case: "candidates", value: toCandidates(callId, command.candidates) };
    case "mediaState":
      return { case: "mediaState", value: toMediaState(callId, command.state) };
  }
}

function bound({ fingerprints }: { readonly fingerprints?: readonly string[] }) {
  return fingerprints ? { binding: create(BindingSchema, { fingerprints: [...fingerprints] }) } : {};
}

const descriptionTypes = {
  offer: Description_Type.OFFER,
  answer: Description_Type.ANSWER,
  reject: Description_Type.REJECT,
} as const;

export function toDescription(callId: CallId, signal: DescriptionSignal): Description {
  return create(DescriptionSchema, {
    callId: fromHex(callId),
    pcGeneration: signal.generation,
    offerNumber: signal.offerNumber,
    type: descriptionTypes[signal.type],
    iceRestart: signal.iceRestart,
    body: { case: "sdp", value: signal.sdp },
  });
}

export function toCandidates(callId: CallId, signal: CandidatesSignal): Candidates {
  return create(CandidatesSchema, {
    callId: fromHex(callId),
    pcGeneration: signal.generation,
    ufrag: signal.ufrag,
    firstIndex: signal.firstIndex,
    endOfCandidates: signal.end,
    list: signal.list.map(({ candidate, sdpMid, sdpMLineIndex }) => ({
      candidate,
      sdpMid,
      sdpMLineIndex,
    })),
  });
}

/** Also what goes over the control channel. */
export function toMediaState(callId: CallId, state: MediaStateSignal): MediaState {
  return create(MediaStateSchema, {
    callId: fromHex(callId),
    revision: state.revision,
    onHold: state.onHold,
    tracks: [
      { label: "microphone", muted: !state.microphone },
      { label: "camera", muted: !state.camera },
    ],
  });
}
