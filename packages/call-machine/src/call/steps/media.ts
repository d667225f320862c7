import { assertEvent } from "xstate";
import { wantedSources } from "../context.ts";
import { run } from "./step.ts";

export const openMedia = run(({ context }) => [{ type: "media.open", ...wantedSources(context) }]);

export const setSources = run(({ event }) => {
  assertEvent(event, ["user.setMicrophone", "user.setCamera"]);
  const type = event.type === "user.setMicrophone" ? "media.setMicrophone" : "media.setCamera";
  return [{ type, on: event.on }];
});
