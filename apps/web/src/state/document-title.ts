import type { CallView } from "@peerline/call-machine";
import { texts } from "./texts.ts";

/** The tab's title: whoever calls comes first, then the call, then the page. */
export function documentTitle(call: CallView | undefined, page: string): string {
  if (!call) return texts.app.title(page);
  const name = call.remote.displayName;
  switch (call.phase) {
    case "ended":
      return texts.app.title(page);
    case "incoming":
      return texts.incoming.documentTitle(name);
    case "live":
      return texts.app.title(name);
    default:
      return texts.app.title(texts.phase[call.phase](name));
  }
}
