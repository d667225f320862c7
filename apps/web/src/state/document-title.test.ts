import type { CallPhase } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { fakeCall } from "../testing/fake-views.ts";
import { documentTitle } from "./document-title.ts";

test.each<[CallPhase | undefined, string]>([
  [undefined, "People · Peerline"],
  ["incoming", "📞 Ana Torres is calling"],
  ["dialing", "Calling Ana Torres… · Peerline"],
  ["ringing", "Ringing… · Peerline"],
  ["live", "Ana Torres · Peerline"],
  ["reconnecting", "Reconnecting… · Peerline"],
  ["ended", "People · Peerline"],
])("while %s the tab is called %s", (phase, title) => {
  expect(documentTitle(phase && fakeCall(phase), "People")).toBe(title);
});
