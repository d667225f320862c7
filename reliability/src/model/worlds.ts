import { type Actor, token } from "./calls/names.ts";
import type { CallWorldOptions } from "./calls/world.ts";

const firstCall = "01".repeat(16);
const secondCall = "02".repeat(16);

export const caller: Actor = {
  label: "ann",
  user: "user-ann",
  token: token("c0"),
  dials: { user: "user-bob", callId: firstCall },
};
export const callees: readonly [Actor, Actor] = [
  { label: "bob's phone", user: "user-bob", token: token("a1") },
  { label: "bob's laptop", user: "user-bob", token: token("b2") },
];

/** A caller, and a callee with two endpoints that are each other's mirror image. */
export const twoEndpoints: CallWorldOptions = {
  actors: [caller, ...callees],
  mirror: { actors: [1, 2], names: [[callees[0].token, callees[1].token]] },
};

/** Two people who may call each other. */
export const glare: CallWorldOptions = {
  actors: [
    caller,
    { label: "bob", user: "user-bob", token: token("d4"), dials: { user: "user-ann", callId: secondCall } },
  ],
  mirror: {
    actors: [0, 1],
    names: [
      [token("c0"), token("d4")],
      ["user-ann", "user-bob"],
      [firstCall, secondCall],
    ],
  },
};

/** The same with one endpoint. */
export const onePhone: CallWorldOptions = { actors: [caller, callees[0]] };
