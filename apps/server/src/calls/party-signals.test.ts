import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { CandidatesSchema, Description_Type, DescriptionSchema, MediaStateSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { noSignals, type PartySignals, withCandidates, withDescription, withMedia } from "./party-signals.ts";

const batch = (ufrag: string, firstIndex: number, count = 1, generation = 1) =>
  create(CandidatesSchema, {
    ufrag,
    firstIndex,
    pcGeneration: generation,
    list: Array.from({ length: count }, () => ({ candidate: "c" })),
  });
const all = (...messages: ReturnType<typeof batch>[]) =>
  messages.reduce<PartySignals>(
    (signals, message) => withCandidates(signals, message, 256) ?? signals,
    noSignals,
  );
const names = (signals: PartySignals) =>
  signals.candidates.map(({ ufrag, firstIndex }) => `${ufrag}${firstIndex}`);
const describe = (type: Description_Type, more: MessageInitShape<typeof DescriptionSchema> = {}) =>
  create(DescriptionSchema, { type, ...more });

test("candidates keep their order, and one that comes again is kept once", () => {
  expect(names(all(batch("a", 0), batch("a", 1), batch("a", 0)))).toEqual(["a1", "a0"]);
});

test("candidates of another connection, or more from the same index, are others", () => {
  expect(names(all(batch("a", 0), batch("a", 0, 1, 2)))).toEqual(["a0", "a0"]);
  expect(names(all(batch("a", 0, 2), batch("a", 0, 1)))).toEqual(["a0", "a0"]);
});

test("an older description does not take the place of a newer one, the same one again does", () => {
  const offer = (pcGeneration: number, offerNumber: number, value: string) =>
    describe(Description_Type.OFFER, { pcGeneration, offerNumber, body: { case: "sdp", value } });
  const after = (...offers: ReturnType<typeof offer>[]) => {
    const { offer: kept } = offers.reduce(withDescription, noSignals);
    return kept && fromBinary(DescriptionSchema, kept).body.value;
  };
  expect(after(offer(1, 2, "a"), offer(1, 1, "b"))).toBe("a");
  expect(after(offer(2, 1, "a"), offer(1, 9, "b"))).toBe("a");
  expect(after(offer(1, 9, "a"), offer(2, 1, "b"))).toBe("b");
  expect(after(offer(1, 2, "a"), offer(1, 2, "b"))).toBe("b");
});

test("only the two latest ICE generations are kept", () => {
  const two = all(batch("a", 0), batch("b", 0), batch("b", 1), batch("c", 0), batch("c", 1));
  expect(names(two)).toEqual(["b0", "b1", "c0", "c1"]);
});

test("the limit counts one ICE generation, and empty batches too", () => {
  const full = all(batch("a", 0, 64), batch("a", 64, 64), batch("a", 128, 64), batch("a", 192, 64));
  expect(withCandidates(full, batch("a", 256), 256)).toBeUndefined();
  expect(withCandidates(full, batch("b", 0), 256)).toBeDefined();
  expect(withCandidates(full, batch("a", 0, 64), 256)).toBeDefined();
  const empty = all(...Array.from({ length: 256 }, (_, index) => batch("a", index, 0)));
  expect(withCandidates(empty, batch("a", 256, 0), 256)).toBeUndefined();
  expect(withCandidates(empty, batch("b", 0), 256)).toBeDefined();
});

test("the latest offer and answer are kept, a rejection is not", () => {
  const offer = describe(Description_Type.OFFER, { offerNumber: 2 });
  const answer = describe(Description_Type.ANSWER, { offerNumber: 1 });
  const older = describe(Description_Type.OFFER, { offerNumber: 1 });
  const kept = [older, answer, offer].reduce(withDescription, noSignals);
  expect(kept).toEqual({
    ...noSignals,
    offer: toBinary(DescriptionSchema, offer),
    answer: toBinary(DescriptionSchema, answer),
  });
  expect(withDescription(kept, describe(Description_Type.REJECT, { offerNumber: 3 }))).toBe(kept);
});

test("an older media state changes nothing, the latest word on the same revision stays", () => {
  const state = (revision: number, onHold = false) => create(MediaStateSchema, { revision, onHold });
  const newer = withMedia(noSignals, state(2));
  expect(withMedia(newer, state(1))).toBe(newer);
  const media = toBinary(MediaStateSchema, state(2, true));
  expect(withMedia(newer, state(2, true))).toEqual({ ...noSignals, media, mediaRevision: 2 });
});
