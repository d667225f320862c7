import { expect, test } from "vitest";
import { isOvertaken, judgeLife, type Life } from "./lives.ts";

const served: Life = { id: "aa", startedAt: 1_000, requestNumber: 3 };
const next: Life = { id: "bb", startedAt: 2_000, requestNumber: 1 };
const former: Life = { id: "99", startedAt: 500, requestNumber: 7 };

test.each([
  ["the first of all is served", undefined, served, false, "serve"],
  ["the next of the same life is served", served, { ...served, requestNumber: 4 }, true, "serve"],
  ["a copy is refused", served, served, true, "repeated"],
  ["a copy is refused after its stream has ended", served, served, false, "repeated"],
  ["an overtaken one is refused", served, { ...served, requestNumber: 2 }, true, "repeated"],
  ["the first of the next life takes over", served, next, true, "serve"],
  [
    "a life that started in the same millisecond takes over",
    served,
    { ...next, startedAt: 1_000 },
    true,
    "serve",
  ],
  ["one of a life before is refused while a stream is open", served, former, true, "superseded"],
  ["one whose clock was set back is served when the stream before is closed", served, former, false, "serve"],
  ["one that does not say takes over as it always did", served, undefined, true, "serve"],
] as const)("%s", (_name, known, asking, isAttached, expected) => {
  expect(judgeLife(known, asking, isAttached)).toBe(expected);
});

test.each([
  ["by the present stream is heard", served, served, false],
  ["by a request that never came is heard", served, { ...served, requestNumber: 4 }, false],
  ["behind a newer request of the same life is late", served, { ...served, requestNumber: 2 }, true],
  ["behind a life that started later is late", served, former, true],
  ["of a life that started in the same millisecond is heard", served, { ...former, startedAt: 1_000 }, false],
  ["of a later life whose requests were lost is heard", served, next, false],
  ["that does not say whose it is is heard", served, undefined, false],
  ["from an endpoint that never said is heard", undefined, former, false],
] as const)("a Detach %s", (_name, known, leaving, expected) => {
  expect(isOvertaken(known, leaving)).toBe(expected);
});
