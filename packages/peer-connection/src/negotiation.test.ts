import type { DescriptionSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import {
  answerTimeoutMs,
  backoffsMs,
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  negotiate,
  startNegotiation,
} from "./negotiation.ts";

const offer = (offerNumber: number, iceRestart = false): DescriptionSignal => ({
  type: "offer",
  sdp: `their offer ${offerNumber}`,
  generation: 1,
  offerNumber,
  iceRestart,
});
const answer = (offerNumber: number): DescriptionSignal => ({
  type: "answer",
  sdp: `their answer ${offerNumber}`,
  generation: 1,
  offerNumber,
  iceRestart: false,
});
const reject = (offerNumber: number): DescriptionSignal => ({
  ...answer(offerNumber),
  type: "reject",
  sdp: "",
});
const received = (description: DescriptionSignal): NegotiationInput => ({ type: "received", description });
const own = (offerNumber: number, iceRestart = false): DescriptionSignal => ({
  type: "offer",
  sdp: `own offer ${offerNumber}`,
  generation: 1,
  offerNumber,
  iceRestart,
});

/** Feeds inputs; operations succeed at once unless `stopAt` names one. Returns the commands, timers' stops left out. */
function play(
  first: readonly [Negotiation, readonly NegotiationCommand[]],
  inputs: readonly NegotiationInput[],
) {
  let [state, commands] = first;
  const log: string[] = [];
  const note = (more: readonly NegotiationCommand[]) => {
    commands = more;
    for (const command of more) if (command.type !== "stopTimer") log.push(text(command));
  };
  note(commands);
  for (const input of inputs) {
    const [next, more] = negotiate(state, input);
    state = next;
    note(more);
  }
  return { state, log };
}

function text(command: NegotiationCommand): string {
  switch (command.type) {
    case "makeOffer":
      return command.restart ? "makeOffer restart" : "makeOffer";
    case "applyOffer":
      return `${command.rollBack ? "roll back, " : ""}apply ${command.description.sdp}`;
    case "applyAnswer":
      return `apply ${command.description.sdp}`;
    case "send":
      return `send ${command.description.type} ${command.description.offerNumber}`;
    case "startTimer":
      return `${command.id} in ${command.minMs}-${command.maxMs}`;
    case "stopTimer":
      return "";
    case "rollBack":
      return "roll back";
    case "stuck":
      return "stuck";
    case "broken":
      return `broken ${command.reason}`;
  }
}

const caller = () => startNegotiation({ polite: false, offer: true, generation: 1 });
const callee = () => startNegotiation({ polite: true, offer: false, generation: 1 });

const callerUp: NegotiationInput[] = [
  { type: "described", op: 1, sdp: "own offer 1" },
  received(answer(1)),
  { type: "done", op: 2 },
];
const callerUpLog = ["makeOffer", "send offer 1", "apply their answer 1"];
const calleeUp: NegotiationInput[] = [received(offer(1)), { type: "described", op: 1, sdp: "own answer 1" }];
const calleeUpLog = ["apply their offer 1", "send answer 1"];
const inAnswerTime = `answer in ${answerTimeoutMs}-${answerTimeoutMs}`;

describe("a first exchange", () => {
  test("the side that offers sends offer 1 and waits as long as it rings, with no timer", () => {
    const { state, log } = play(caller(), callerUp.slice(0, 1));
    expect(log).toEqual(["makeOffer", "send offer 1"]);
    expect(state.phase).toEqual({
      name: "awaiting",
      own: { number: 1, change: true, restart: false },
      offer: own(1),
    });
  });

  test("the answer settles it", () => {
    const { state, log } = play(caller(), callerUp);
    expect(log).toEqual(callerUpLog);
    expect(state).toMatchObject({ phase: { name: "stable" }, established: true, failures: 0 });
  });

  test("the other side answers, and remembers its answer", () => {
    const { state, log } = play(callee(), calleeUp);
    expect(log).toEqual(calleeUpLog);
    expect(state).toMatchObject({
      phase: { name: "stable" },
      remoteOfferNumber: 1,
      reply: { type: "answer", offerNumber: 1, sdp: "own answer 1", generation: 1 },
    });
  });

  test("a side that waits for the first offer makes none, whatever it needs", () => {
    expect(play(callee(), [{ type: "change" }, { type: "restart" }]).log).toEqual([]);
  });

  test.each([
    [
      "an own offer that cannot be made",
      [{ type: "failed", op: 1, beyondRepair: false }],
      "broken negotiation-failed",
    ],
    ["a rejection", [callerUp[0], received(reject(1))], "broken incompatible"],
    [
      "an answer that cannot be applied",
      [callerUp[0], received(answer(1)), { type: "failed", op: 2, beyondRepair: false }],
      "broken incompatible",
    ],
  ] as [string, NegotiationInput[], string][])("%s is the end", (_what, inputs, last) => {
    const { state, log } = play(caller(), inputs);
    expect([log.at(-1), state.phase.name]).toEqual([last, "dead"]);
  });
});

test("a side that waits for the first offer begins with nothing", () => {
  expect(callee()).toEqual([
    {
      polite: true,
      generation: 1,
      phase: { name: "stable" },
      needs: { change: false, restart: false },
      established: false,
      offerNumber: 0,
      remoteOfferNumber: 0,
      reply: undefined,
      ignoring: false,
      failures: 0,
      op: 0,
      inbox: [],
    },
    [],
  ]);
});

describe("while an operation runs", () => {
  const [offering] = caller();
  const { state: answering } = play(callee(), [...calleeUp, received(offer(2))]);

  test("at most 8 descriptions wait, and the next is dropped", () => {
    const offers = Array.from({ length: 9 }, (_, index) => offer(index + 1));
    const { state } = play([offering, []], offers.map(received));
    expect(state).toEqual({ ...offering, inbox: offers.slice(0, 8) });
  });

  test.each([
    { type: "described", op: 7, sdp: "x" },
    { type: "done", op: 7 },
    { type: "failed", op: 7, beyondRepair: true },
    { type: "timer", id: "answer" },
    { type: "timer", id: "backoff" },
  ] as const)("what is of another changes nothing: %o", (input) => {
    expect(negotiate(offering, input)).toEqual([offering, []]);
  });

  test("sending again leaves out the peer's own offer", () => {
    expect(negotiate(answering, { type: "resend" })).toEqual([
      answering,
      [{ type: "send", description: { ...answer(1), sdp: "own answer 1" } }],
    ]);
  });

  test("close drops what waits, and stops both timers", () => {
    const { state } = play([answering, []], [received(offer(3))]);
    expect(negotiate(state, { type: "close" })).toEqual([
      { ...answering, phase: { name: "dead" } },
      [
        { type: "stopTimer", id: "answer" },
        { type: "stopTimer", id: "backoff" },
      ],
    ]);
  });
});

describe("once established", () => {
  const table: [string, () => ReturnType<typeof caller>, NegotiationInput[], string[]][] = [
    [
      "an ICE restart is an offer with a timer",
      caller,
      [...callerUp, { type: "restart" }, { type: "described", op: 3, sdp: "own offer 2" }],
      [...callerUpLog, "makeOffer restart", "send offer 2", inAnswerTime],
    ],
    [
      "a restart wanted while an offer is open rides the next one",
      caller,
      [
        ...callerUp,
        { type: "change" },
        { type: "described", op: 3, sdp: "own offer 2" },
        { type: "restart" },
        received(answer(2)),
        { type: "done", op: 4 },
      ],
      [
        ...callerUpLog,
        "makeOffer",
        "send offer 2",
        inAnswerTime,
        "apply their answer 2",
        "makeOffer restart",
      ],
    ],
    [
      "an answer to an old offer is dropped",
      caller,
      [
        ...callerUp,
        received(answer(1)),
        { type: "restart" },
        { type: "described", op: 3, sdp: "own offer 2" },
        received(answer(1)),
      ],
      [...callerUpLog, "makeOffer restart", "send offer 2", inAnswerTime],
    ],
    [
      "an offer that comes again is answered again",
      callee,
      [...calleeUp, received(offer(1))],
      [...calleeUpLog, "send answer 1"],
    ],
    [
      "an older offer is dropped",
      callee,
      [
        ...calleeUp,
        received(offer(2)),
        { type: "described", op: 2, sdp: "own answer 2" },
        received(offer(1)),
      ],
      [...calleeUpLog, "apply their offer 2", "send answer 2"],
    ],
    [
      "descriptions of another generation are dropped",
      callee,
      [...calleeUp, received({ ...offer(2), generation: 2 })],
      calleeUpLog,
    ],
    [
      "an offer that cannot be applied is rejected, again when it comes again, and the next one is taken",
      callee,
      [
        ...calleeUp,
        received(offer(2)),
        { type: "failed", op: 2, beyondRepair: false },
        received(offer(2)),
        received(offer(3)),
      ],
      [...calleeUpLog, "apply their offer 2", "send reject 2", "send reject 2", "apply their offer 3"],
    ],
    [
      "46: a rejected offer is rolled back, its change dropped, and the session stays as it was",
      caller,
      [
        ...callerUp,
        { type: "change" },
        { type: "described", op: 3, sdp: "own offer 2" },
        received(reject(2)),
        { type: "done", op: 4 },
      ],
      [...callerUpLog, "makeOffer", "send offer 2", inAnswerTime, "roll back"],
    ],
    [
      "52: a rejected ICE restart needs a fresh connection",
      caller,
      [
        ...callerUp,
        { type: "restart" },
        { type: "described", op: 3, sdp: "own offer 2" },
        received(reject(2)),
        { type: "done", op: 4 },
      ],
      [...callerUpLog, "makeOffer restart", "send offer 2", inAnswerTime, "roll back", "stuck"],
    ],
    [
      "late results of an operation that is not running are ignored",
      caller,
      [
        ...callerUp,
        { type: "described", op: 1, sdp: "x" },
        { type: "failed", op: 2, beyondRepair: true },
        { type: "done", op: 7 },
      ],
      callerUpLog,
    ],
    [
      "a connection that cannot be repaired is stuck for good",
      callee,
      [...calleeUp, received(offer(2)), { type: "failed", op: 2, beyondRepair: true }],
      [...calleeUpLog, "apply their offer 2", "stuck"],
    ],
    [
      "sending again sends the last answer first, then the open offer",
      callee,
      [
        ...calleeUp,
        { type: "restart" },
        { type: "described", op: 2, sdp: "own offer 1" },
        { type: "resend" },
      ],
      [...calleeUpLog, "makeOffer restart", "send offer 1", inAnswerTime, "send answer 1", "send offer 1"],
    ],
    [
      "after close nothing happens",
      callee,
      [...calleeUp, { type: "close" }, { type: "restart" }, received(offer(2)), { type: "resend" }],
      calleeUpLog,
    ],
  ];
  test.each(table)("%s", (_what, first, inputs, log) => {
    expect(play(first(), inputs).log).toEqual(log);
  });
});

describe("when offers cross", () => {
  const open: NegotiationInput[] = [{ type: "restart" }];

  test("the impolite side ignores the other's and goes on waiting", () => {
    const { state, log } = play(caller(), [
      ...callerUp,
      ...open,
      { type: "described", op: 3, sdp: "own offer 2" },
      received(offer(1, true)),
    ]);
    expect(log).toEqual([...callerUpLog, "makeOffer restart", "send offer 2", inAnswerTime]);
    expect(state).toMatchObject({ phase: { name: "awaiting" }, ignoring: true, remoteOfferNumber: 0 });
  });

  test("an answer ends the ignoring", () => {
    const { state } = play(caller(), [
      ...callerUp,
      ...open,
      { type: "described", op: 3, sdp: "own offer 2" },
      received(offer(1, true)),
      received(answer(2)),
      { type: "done", op: 4 },
    ]);
    expect(state).toMatchObject({ phase: { name: "stable" }, ignoring: false });
  });

  test("the polite side gives way; a restart by the other is its own restart too", () => {
    const { state, log } = play(callee(), [
      ...calleeUp,
      ...open,
      { type: "described", op: 2, sdp: "own offer 1" },
      received(offer(2, true)),
      { type: "described", op: 3, sdp: "own answer 2" },
    ]);
    expect(log.slice(-2)).toEqual(["roll back, apply their offer 2", "send answer 2"]);
    expect(state).toMatchObject({ phase: { name: "stable" }, needs: { change: false, restart: false } });
  });

  test("the polite side makes its own offer again when the other's was for something else", () => {
    const { log } = play(callee(), [
      ...calleeUp,
      { type: "restart" },
      { type: "described", op: 2, sdp: "own offer 1" },
      received(offer(2)),
      { type: "described", op: 3, sdp: "own answer 2" },
    ]);
    expect(log.slice(-3)).toEqual(["roll back, apply their offer 2", "send answer 2", "makeOffer restart"]);
  });

  test("an offer that comes while the own one is being made waits until it is", () => {
    const { log } = play(callee(), [
      ...calleeUp,
      ...open,
      received(offer(2, true)),
      { type: "described", op: 2, sdp: "own offer 1" },
    ]);
    expect(log.slice(-2)).toEqual([inAnswerTime, "roll back, apply their offer 2"]);
  });

  test("what is wanted while the other's offer is being answered is offered afterwards", () => {
    const { log } = play(callee(), [
      received(offer(1)),
      { type: "change" },
      { type: "described", op: 1, sdp: "own answer 1" },
    ]);
    expect(log).toEqual([...calleeUpLog, "makeOffer"]);
  });
});

describe("when no answer comes", () => {
  const sent: NegotiationInput[] = [
    ...callerUp,
    { type: "restart" },
    { type: "described", op: 3, sdp: "own offer 2" },
  ];
  const rollingBack: NegotiationInput[] = [...sent, { type: "timer", id: "answer" }];
  const rolledBack: NegotiationInput[] = [...rollingBack, { type: "done", op: 4 }];

  test.each([
    ["answer", "an exchange is complete", callerUp],
    ["backoff", "an exchange is complete", callerUp],
    ["backoff", "an answer is awaited", sent],
    ["answer", "the offer is taken back", rollingBack],
    ["answer", "there is a pause", rolledBack],
  ] as const)("the %s timer does nothing while %s", (id, _what, inputs) => {
    const { state } = play(caller(), inputs);
    expect(negotiate(state, { type: "timer", id })).toEqual([state, []]);
  });

  test("the open offer is taken back as one that failed", () => {
    const offered = { number: 2, change: false, restart: true };
    const phase = { name: "rollingBack", op: 4, own: offered, why: "failed" };
    expect(play(caller(), rollingBack).state.phase).toEqual(phase);
  });

  test("an offer that cannot be taken back leaves a connection that is stuck", () => {
    const { state, log } = play(caller(), [...rollingBack, { type: "failed", op: 4, beyondRepair: false }]);
    expect([log.at(-1), state.phase]).toEqual(["stuck", { name: "dead" }]);
  });

  test("an answer that cannot be applied counts as none", () => {
    const { state, log } = play(caller(), [
      ...sent,
      received(answer(2)),
      { type: "failed", op: 4, beyondRepair: false },
    ]);
    const offered = { number: 2, change: false, restart: true };
    expect([log.at(-1), state.phase]).toEqual([
      "roll back",
      { name: "rollingBack", op: 5, own: offered, why: "failed" },
    ]);
    expect(play([state, []], [{ type: "done", op: 5 }]).log).toEqual(["backoff in 500-1500"]);
  });

  /** The own offer times out again and again. */
  function timeouts(polite: boolean, times: number) {
    const first = startNegotiation({ polite, offer: true, generation: 1 });
    const inputs = [...callerUp, { type: "restart" } as const];
    let op = 3;
    for (let i = 0; i < times; i++) {
      inputs.push({ type: "described", op, sdp: "own offer" });
      inputs.push(
        { type: "timer", id: "answer" },
        { type: "done", op: op + 1 },
        { type: "timer", id: "backoff" },
      );
      op += 2;
    }
    return play(first, inputs);
  }

  test("45: the offer is rolled back and made again after 1, 2 and 4 s; the third failure asks for a fresh connection, the fourth is the last", () => {
    const { state, log } = timeouts(false, backoffsMs.length + 1);
    const attempt = (n: number, last: string) => [
      "makeOffer restart",
      `send offer ${n}`,
      inAnswerTime,
      "roll back",
      last,
    ];
    expect(log).toEqual([
      ...callerUpLog,
      ...attempt(2, "backoff in 500-1500"),
      ...attempt(3, "backoff in 1000-3000"),
      ...attempt(4, "backoff in 2000-6000"),
      "stuck",
      ...attempt(5, "broken negotiation-failed"),
    ]);
    expect(state.phase).toEqual({ name: "dead" });
  });

  test("the polite side may wait 2 s longer", () => {
    expect(timeouts(true, 1).log).toContain("backoff in 500-3500");
  });

  test("an offer of the other side is taken during the wait, and ends it", () => {
    const waiting = timeouts(false, 1).log.length;
    const { log } = play(caller(), [
      ...callerUp,
      { type: "restart" },
      { type: "described", op: 3, sdp: "own offer 2" },
      { type: "timer", id: "answer" },
      { type: "done", op: 4 },
      received(offer(1, true)),
      { type: "described", op: 5, sdp: "own answer 1" },
    ]);
    expect(waiting).toBeGreaterThan(0);
    expect(log.slice(-3)).toEqual(["backoff in 500-1500", "apply their offer 1", "send answer 1"]);
  });

  test("an answer that was only late is dropped", () => {
    const { log } = play(caller(), [
      ...callerUp,
      { type: "restart" },
      { type: "described", op: 3, sdp: "own offer 2" },
      { type: "timer", id: "answer" },
      received(answer(2)),
      { type: "done", op: 4 },
    ]);
    expect(log.at(-1)).toBe("backoff in 500-1500");
  });
});
