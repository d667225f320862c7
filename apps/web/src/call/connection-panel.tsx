import type { CallDetails } from "@peerline/client";
import { connectionRows, pathSentence } from "../state/connection-rows.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";

/** The path of the call and how it does. */
export function ConnectionPanel({
  details,
  onClose,
}: {
  readonly details: CallDetails;
  readonly onClose: () => void;
}) {
  return (
    <section
      class="connection"
      aria-labelledby="connection-title"
      data-testid="connection"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header class="chat-header">
        <h2 id="connection-title">{texts.connection.title}</h2>
        <button type="button" class="icon-button" aria-label={texts.connection.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <p class="connection-path">{pathSentence(details.stats)}</p>
      <dl>
        {connectionRows(details.stats).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
