import { describe, expect, test } from "vitest";
import type { Received } from "./received.ts";
import { believed, doubt, incoming, type Look, look, lookEveryMs, type Silence, verdict } from "./silence.ts";

/** What comes in during a turn: media, an acknowledgement of data, the answer to a consent check, or nothing. */
type Turn = "media" | "data" | "consent" | "nothing";

interface Run {
  readonly silence: Silence;
  readonly told: readonly string[];
}

const start: Run = { silence: believed, told: [] };

/** Looks once per turn and notes, in ms of silence, when a question goes out and when the belief changes. */
function after(run: Run, turns: readonly Turn[], change: Partial<Look> = {}): Run {
  let { silence } = run;
  const told = [...run.told];
  let quietMs = 0;
  for (const turn of turns) {
    const before = verdict(silence);
    quietMs = turn === "nothing" || turn === "consent" ? quietMs + lookEveryMs : 0;
    const [next, { probe }] = look(silence, {
      received: plus(silence.received, turn),
      elapsedMs: lookEveryMs,
      connected: true,
      canProbe: true,
      ...change,
    });
    silence = next;
    if (probe) told.push(`asked at ${quietMs}`);
    if (before !== verdict(silence)) told.push(`${verdict(silence)} at ${quietMs}`);
  }
  return { silence, told };
}

function plus(received: Received | undefined, turn: Turn, rttMs = 20): Received {
  const packets = received?.audio["in packetsReceived"] ?? 0;
  const all = received?.payload["transport packetsReceived"] ?? 1;
  const answers = received?.answers["pair responsesReceived"] ?? 0;
  return {
    audio: { "in packetsReceived": turn === "media" ? packets + 10 : packets },
    video: {},
    payload: { "transport packetsReceived": turn === "media" || turn === "data" ? all + 1 : all },
    answers: { "pair responsesReceived": turn === "consent" ? answers + 1 : answers },
    rttMs,
  };
}

const turns = (count: number, turn: Turn): Turn[] => Array(count).fill(turn);
const flowing = after(start, turns(8, "media"));

describe("a path", () => {
  test("that stops while media flowed is asked at 500 and 750 ms, and given up at 1,000", () => {
    const { told } = after(flowing, turns(40, "nothing"));
    expect(told).toEqual(["asked at 500", "asked at 750", "silent at 1000"]);
  });

  test("whose peer answers the question delivers: the peer only stopped its media", () => {
    const answered: Turn[] = ["nothing", "nothing", "data"];
    const { told } = after(flowing, [...answered, ...answered, ...answered]);
    expect(told).toEqual(["asked at 500", "asked at 500", "asked at 500"]);
  });

  test("whose peer has sent no media for 2 s is given up after 5 s, asked at 2.5 and 3.75", () => {
    const muted = after(flowing, turns(8, "data"));
    const { told } = after(muted, turns(24, "nothing"));
    expect(told).toEqual(["asked at 2500", "asked at 3750", "silent at 5000"]);
  });

  test("that never carried media, and consent answers every 2.5 s, delivers", () => {
    const consent: Turn[] = [...turns(9, "nothing"), "consent"];
    const { told } = after(start, [...consent, ...consent, ...consent]);
    expect(told).toEqual([]);
  });

  test("over which only checks are answered is given up where media flowed: the peer may not be able to send", () => {
    const { told, silence } = after(flowing, turns(8, "consent"));
    expect([told, verdict(silence)]).toEqual([["asked at 500", "asked at 750", "silent at 1000"], "silent"]);
  });

  test("that cannot be asked is given up after 5 s only, also when media flowed", () => {
    const { told } = after(flowing, turns(21, "nothing"), { canProbe: false });
    expect(told).toEqual(["silent at 5000"]);
  });

  test("with a long round trip is given up when the answer is due", () => {
    const received = { ...plus(flowing.silence.received, "nothing"), rttMs: 600 };
    const { told } = after(flowing, turns(8, "nothing"), { received });
    expect(told).toEqual(["asked at 1000", "asked at 1500", "silent at 2000"]);
  });

  test("that the platform does not call connected is not judged", () => {
    expect(after(flowing, turns(40, "nothing"), { connected: false }).told).toEqual([]);
  });

  test("on a platform that counts nothing is not judged", () => {
    expect(after(start, turns(40, "nothing"), { received: undefined }).told).toEqual([]);
    const nothing = { received: undefined, elapsedMs: lookEveryMs, connected: true, canProbe: true };
    expect(look(believed, nothing)).toEqual([believed, { probe: false }]);
  });

  test("whose counters vanish for a time is judged as silent", () => {
    const { told } = after(flowing, turns(6, "nothing"), { received: undefined });
    expect(told.at(-1)).toBe("silent at 1000");
  });

  test("over which a process slept for an hour is not silent for it", () => {
    const slept = after(flowing, ["nothing"], { elapsedMs: 3_600_000 });
    expect(after(slept, turns(3, "media")).told).toEqual(["asked at 250"]);
    expect(after(flowing, ["nothing"], { elapsedMs: -86_400_000 }).silence.quietMs).toBe(0);
  });
});

describe("belief", () => {
  test("comes back with the first look that finds something after a silence", () => {
    const silent = after(flowing, turns(4, "nothing"));
    expect(after(silent, ["data"]).told.at(-1)).toBe("delivers at 0");
  });

  test("takes three looks that find something after an ICE restart, so stragglers are not enough", () => {
    const silent = after(flowing, turns(4, "nothing")).silence;
    const restarted = { silence: doubt(silent), told: [] };
    const straggler = after(restarted, ["media", "nothing", "media", ...turns(8, "nothing")]);
    expect(verdict(straggler.silence)).toBe("silent");
    expect(after(straggler, ["media"]).told.at(-1)).toBe("delivers at 0");
  });

  test("forgets the stragglers after 5 s of silence", () => {
    const restarted = { silence: doubt(flowing.silence), told: [] };
    const late = after(restarted, ["media", "media", ...turns(20, "nothing"), "media", "media"]);
    expect(verdict(late.silence)).toBe("silent");
    expect(verdict(after(late, ["media"]).silence)).toBe("delivers");
  });

  test("in a path over which nothing comes after an ICE restart ends after 5 s of silence", () => {
    const restarted = { silence: doubt(flowing.silence), told: [] };
    expect(after(restarted, turns(40, "nothing")).told).toEqual([
      "asked at 500",
      "asked at 750",
      "silent at 5000",
    ]);
    const answered = after(
      { silence: doubt(after(start, turns(8, "data")).silence), told: [] },
      turns(8, "data"),
    );
    expect(answered.told).toEqual(["delivers at 0"]);
  });

  test("in a path that was silent before the restart does not come back by the restart", () => {
    const silent = doubt(after(flowing, turns(4, "nothing")).silence);
    expect(verdict(silent)).toBe("silent");
    expect(
      after({ silence: silent, told: [] }, [...turns(30, "nothing"), ...turns(3, "media")]).told,
    ).toEqual(["delivers at 0"]);
  });

  test("does not outlive one restart after the other over which nothing comes", () => {
    let run: Run = flowing;
    for (let restarts = 0; restarts < 10; restarts++) {
      run = after({ ...run, silence: doubt(run.silence) }, turns(8, "nothing"));
    }
    expect(run.told.at(-1)?.split(" ")[0]).toBe("silent");
  });

  test("is doubted by a restart until the next look where the platform counts nothing", () => {
    const doubted = doubt(believed);
    expect(verdict(doubted)).toBe("doubted");
    expect(after({ silence: doubted, told: [] }, ["nothing"], { received: undefined }).told).toEqual([
      "delivers at 250",
    ]);
  });
});

describe("sound and picture", () => {
  const next = (silence: Silence, audio: number, video: number): Silence =>
    look(silence, {
      received: {
        audio: { a: audio },
        video: { v: video },
        payload: { t: audio + video },
        answers: {},
        rttMs: undefined,
      },
      elapsedMs: lookEveryMs,
      connected: true,
      canProbe: true,
    })[0];

  test("come in each for itself until 1.25 s without a packet", () => {
    let silence = next(believed, 0, 0);
    expect(incoming(silence)).toEqual({ audio: false, video: false });
    silence = next(silence, 1, 1);
    expect(incoming(silence)).toEqual({ audio: true, video: true });
    for (let looks = 1; looks < 5; looks++) silence = next(silence, 1 + looks, 1);
    expect(incoming(silence)).toEqual({ audio: true, video: true });
    silence = next(silence, 9, 1);
    expect(incoming(silence)).toEqual({ audio: true, video: false });
  });

  test("do not come in because a counter was gone for a time, went back, or was no number", () => {
    let silence = next(next(believed, 5, 5), 6, 6);
    for (const audio of [6, Number.NaN, 2, 2, 2, 2]) silence = next(silence, audio, 6);
    expect(incoming(silence)).toEqual({ audio: false, video: false });
  });
});
