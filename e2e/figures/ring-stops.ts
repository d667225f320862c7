import { ended, openNodePerson } from "../support/node-people.ts";
import { startServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";
import { spread } from "./statistics.ts";

/** R: one of two devices takes the call. */
export const ringStops: Figure = {
  name: "ring-stops",
  what: "From the tap that accepts a call on one device until the person's other device stops ringing, on one machine.",
  runs: 50,
  async measure(runs) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startServer([]);
    cleanup.defer(() => server.program.stop());
    const open = async (name: string) => {
      const person = await openNodePerson({ serverUrl: server.url, name });
      cleanup.defer(async () => person.close());
      return person;
    };
    const caller = await open("caller");
    const [first, second] = [await open("callee"), await open("callee")];
    const stoppedAfterMs: number[] = [];
    for (let run = 0; run < runs; run++) {
      caller.peerline.dial("callee", "audio");
      await Promise.all(
        [first, second].map((one) => one.reached("rung", ({ call }) => call?.phase === "incoming")),
      );
      const acceptedAt = performance.now();
      first.peerline.accept("audio");
      const { call } = await ended(second);
      stoppedAfterMs.push(performance.now() - acceptedAt);
      if (call?.end && call.end.reason !== "answered-elsewhere") {
        throw new Error(`the other device stopped because of "${call.end.reason}"`);
      }
      await first.reached("live", ({ call: own }) => own?.phase === "live");
      caller.peerline.hangUp();
      await Promise.all([ended(caller), ended(first)]);
    }
    return { ...spread("stopped", stoppedAfterMs) };
  },
};
