import type { CallView } from "@peerline/call-machine";
import { sourceNotices } from "../state/call-selectors.ts";
import type { CallDesk } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";

/** What the other person cannot hear or see of this one, and what to do about it. The call goes on. UX 1.10. */
export function SourceNotices({ call, desk }: { readonly call: CallView; readonly desk: CallDesk }) {
  const shown = sourceNotices(call.local).filter(
    ({ source, refusal }) => !desk.dismissedNotices.value.includes(`${source} ${refusal}`),
  );
  return shown.map(({ source, refusal }) => (
    <div
      key={source}
      class="stage-notice"
      role="status"
      data-testid={`notice-${source}`}
      data-refusal={refusal}
    >
      <Icon name={source === "microphone" ? "microphoneOff" : "cameraOff"} size={18} />
      <p>{texts.notice[source][refusal]}</p>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.notice.dismiss}
        onClick={() => {
          desk.dismissedNotices.value = [...desk.dismissedNotices.value, `${source} ${refusal}`];
        }}
      >
        <Icon name="close" size={16} />
      </button>
    </div>
  ));
}
