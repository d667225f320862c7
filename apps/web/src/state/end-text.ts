import type { CallEnd, EndedBy, EndReason, Role } from "@peerline/call-machine";
import { clockText } from "./duration.ts";
import { texts } from "./texts.ts";

/** What the sentence about the end of a call is made from. */
export interface EndSituation {
  readonly end: Pick<CallEnd, "reason" | "by" | "talkedMs" | "device">;
  readonly role: Role;
  readonly name: string;
}

type Sentence = (situation: {
  readonly by: EndedBy;
  readonly role: Role;
  readonly name: string;
  readonly device: string;
}) => string;

const missed = (name: string) => `Missed call from ${name}`;
const noAnswer: Sentence = ({ role, name }) => (role === "caller" ? "No answer" : missed(name));

const sentences: Record<EndReason, Sentence> = {
  "hung-up": ({ by, name }) => byWhom(by, "You ended the call", `${name} ended the call`, "The call ended"),
  cancelled: ({ role, name }) => (role === "caller" ? "You cancelled the call" : missed(name)),
  declined: ({ role, name }) =>
    role === "caller" ? `${name} can't talk right now` : "You declined the call",
  busy: ({ role, name }) => (role === "caller" ? `${name} is on another call` : missed(name)),
  "no-answer": noAnswer,
  unreachable: ({ role, name }) => (role === "caller" ? `${name} can't be reached` : missed(name)),
  "answered-elsewhere": ({ device }) => `Answered on ${device}`,
  "declined-elsewhere": () => "Declined on another device",
  replaced: ({ by, name }) =>
    by === "them" ? `${name} is calling again` : "You opened the app in another tab",
  glare: () => "You called each other. Connecting…",
  "connect-failed": () => "Couldn't connect the call. A firewall or VPN may be blocking it.",
  "media-lost": () => "The connection was lost and couldn't be restored.",
  "peer-lost": ({ name }) => `${name}'s connection dropped and didn't come back.`,
  "negotiation-failed": () => "Couldn't set up the call. Please try again.",
  "media-device": ({ by, name }) =>
    byWhom(
      by,
      "Your camera and microphone can't be used.",
      `${name}'s camera and microphone can't be used.`,
      "A camera or microphone can't be used.",
    ),
  incompatible: ({ name }) => `${name}'s app and yours have no audio or video format in common.`,
  security: () => "The call was ended because its encryption couldn't be verified.",
  "not-allowed": ({ name }) => `You can't call ${name}.`,
  server: () => "The server is restarting. Call again in a moment.",
  "max-duration": () => "The call reached the longest time allowed.",
};

/** The sentence for the end of a call, with how long both talked when they did. UX 2. */
export function endText({ end, role, name }: EndSituation): string {
  const sentence = sentenceFor(end.reason)({
    by: end.by,
    role,
    name,
    device: end.device ?? "another device",
  });
  const talked = end.reason === "hung-up" && Number.isFinite(end.talkedMs);
  return talked ? `${sentence} · ${clockText(end.talkedMs ?? 0)}` : sentence;
}

/** Another version of the app may have kept a reason that this one does not know. */
function sentenceFor(reason: EndReason): Sentence {
  return Object.hasOwn(sentences, reason) ? sentences[reason] : () => texts.phase.ended();
}

function byWhom(by: EndedBy, me: string, them: string, server: string): string {
  return { me, them, server }[by];
}
