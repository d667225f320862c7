import { expect, test } from "vitest";
import { fakeCall, fakeDetails, fakePerson, fakeRecent, fakeView } from "../testing/fake-views.ts";
import { withShownNames } from "./shown-names.ts";

test("the echo bot has one name: among people, in a call and in what is over", () => {
  const remote = { user: "echo", displayName: "echo" };
  const call = fakeCall("live", { remote });
  const view = withShownNames(
    fakeView({
      people: [fakePerson("echo"), fakePerson("ana", { displayName: "Ana Torres" })],
      call,
      details: fakeDetails({ remote }),
      recent: [fakeRecent("1", { remote }), fakeRecent("2")],
    }),
  );
  const echo = "Echo (test call)";
  expect([
    view.people.map(({ displayName }) => displayName),
    view.call?.remote.displayName,
    view.calls.map((one) => one.remote.displayName),
    view.details?.remote.displayName,
    view.recent.map((one) => one.remote.displayName),
  ]).toEqual([[echo, "Ana Torres"], echo, [echo], echo, [echo, "Ana Torres"]]);
  expect(view.calls[0]).toBe(view.call);
});
