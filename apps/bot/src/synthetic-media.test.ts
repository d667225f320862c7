import { expect, test, vi } from "vitest";
import { syntheticMedia } from "./synthetic-media.ts";

test("a stopped tone keeps no list of listeners", async () => {
  const media = syntheticMedia();
  const { microphone } = await media.open(["microphone"]);
  if (typeof microphone !== "object") throw new Error("no microphone");
  const listener = () => undefined;
  microphone.addEventListener("ended", listener);
  microphone.removeEventListener("ended", listener);
  microphone.stop();
  await vi.waitFor(() => expect(Reflect.get(microphone, "_listeners")).toBe(undefined));
  media.close();
});
