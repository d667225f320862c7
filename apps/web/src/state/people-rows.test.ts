import { expect, test } from "vitest";
import { fakeCall, fakePerson, fakeView } from "../testing/fake-views.ts";
import { peopleRows } from "./people-rows.ts";

test("the echo bot comes first, everyone else as the view orders them, oneself not at all", () => {
  const people = [fakePerson("ana"), fakePerson("echo"), fakePerson("me"), fakePerson("zoe")];
  expect(peopleRows(fakeView({ people })).map(({ user }) => user)).toEqual(["echo", "ana", "zoe"]);
});

test("an echo bot that does not run is in the list, offline", () => {
  expect(peopleRows(fakeView({ people: [] }))).toEqual([
    { user: "echo", displayName: "Echo (test call)", status: "offline", isEcho: true, obstacle: "offline" },
  ]);
});

test("the echo bot does not see itself", () => {
  expect(peopleRows(fakeView({ user: "echo", people: [] }))).toEqual([]);
});

test("whoever is offline cannot be called; whoever is busy can, and says so", () => {
  const people = [
    fakePerson("ana"),
    fakePerson("ben", { availability: "busy" }),
    fakePerson("chen", { availability: "offline" }),
  ];
  const [, ...rows] = peopleRows(fakeView({ people }));
  expect(rows.map(({ status, obstacle }) => [status, obstacle])).toEqual([
    ["online", undefined],
    ["busy", undefined],
    ["offline", "offline"],
  ]);
});

test("nobody can be called without a server, and nobody's state is known", () => {
  const rows = peopleRows(fakeView({ link: "interrupted" }));
  expect(new Set(rows.map(({ status, obstacle }) => `${status} ${obstacle}`))).toEqual(
    new Set(["unknown noLink"]),
  );
});

test("nobody can be called during a call", () => {
  const rows = peopleRows(fakeView({ call: fakeCall("live") }));
  expect(new Set(rows.map(({ obstacle }) => obstacle))).toEqual(new Set(["inCall"]));
});
