import { callMachine } from "../call/machine.ts";
import { sessionMachine } from "../session/machine.ts";
import { mermaidOf } from "./mermaid.ts";

/** For each state of the call machine without states of its own: its `CallView.phase`, and what the person meets. */
export const callScreens: readonly (readonly [state: string, phase: string, person: string])[] = [
  ["deciding", "–", "Nothing: it is left before anyone looks"],
  ["outgoing.preparing", "dialing", "Calling …; the browser may ask for the microphone and the camera"],
  ["outgoing.inviting", "dialing", "Calling …; the invitation is on its way to the server"],
  ["outgoing.calling", "dialing", "Calling …; the server has it, no device of the callee alerts yet"],
  ["outgoing.ringing", "ringing", "Ringing …"],
  ["outgoing.restored", "ringing", "Ringing …; the page was reloaded"],
  [
    "incoming.offered",
    "incoming",
    "Nothing yet: the session's view leaves it out until the missed events are applied",
  ],
  ["incoming.ringing", "incoming", "… is calling: answer, answer with audio only, decline, silence"],
  [
    "incoming.accepting.preparing",
    "accepting",
    "Connecting …; devices open and the answer is made; can still decline",
  ],
  ["incoming.accepting.confirming", "accepting", "Connecting …; the server decides which device has it"],
  ["established.connecting", "connecting", "Connecting …"],
  ["established.live.steady", "live", "The call"],
  ["established.live.shaky", "live", "The call; media has stopped for less than 2 s"],
  ["established.live.renewing", "live", "The call; the device has changed networks and ICE restarts"],
  ["established.reconnecting", "reconnecting", "Reconnecting …; the call goes on when the network is back"],
  ["ended", "ended", "Why it ended, who ended it, how long it was; call again"],
];

/** The same for the session machine's states: its `SessionView.link`. */
export const linkScreens: readonly (readonly [state: string, person: string])[] = [
  ["connecting", "Connecting to the server …; a call that is placed now leaves as soon as it is there"],
  ["online", "Ready"],
  ["interrupted", "Lost contact with the server; a call that is live continues"],
  ["stopped", "Why the session is over, and what to do: sign in again, or use the other tab"],
];

/** docs/call-states.md, whole. */
export function callStates(): string {
  return [
    ...intro,
    "## One call",
    "",
    "From every state `remote.ended` leads to `ended`, unless it is older than what is known.",
    "",
    ...diagram(mermaidOf(callMachine)),
    "### What the person sees",
    "",
    "| state | `CallView.phase` | the person sees |",
    "|---|---|---|",
    ...callScreens.map((row) => `| ${row.join(" | ")} |`),
    "",
    "## One session",
    "",
    "From every state `link.stopped` leads to `stopped`. Calls come and go in every state; only `stopped` takes none.",
    "",
    ...diagram(mermaidOf(sessionMachine)),
    "### What the person sees",
    "",
    "| `SessionView.link` | the person sees |",
    "|---|---|",
    ...linkScreens.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}

const intro = [
  "# Call states",
  "",
  "Generated from the machines of `@peerline/call-machine` by `npm run generate`; a test fails when it is out of date.",
  "An arrow is labelled with the events that take it, and the guard in brackets; events that leave the state as it is have",
  "no arrow. Every event in every state, with its effects, is in `packages/call-machine/src/call/transitions.md` and",
  "`packages/call-machine/src/session/transitions.md`.",
  "",
];

function diagram(mermaid: string): readonly string[] {
  return ["```mermaid", mermaid, "```", ""];
}
