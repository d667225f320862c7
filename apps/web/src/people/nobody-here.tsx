import { useState } from "preact/hooks";
import { hrefFor, readParams } from "../state/page-params.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";

/** The list without anyone in it: what to do about it. */
export function NobodyHere({ isLoading }: { readonly isLoading: boolean }) {
  const [copied, setCopied] = useState(false);
  if (isLoading) return <p class="nobody quiet">{texts.people.loading}</p>;

  const { server } = readParams(location.search);
  const link = `${location.origin}${hrefFor("/", { server })}`;

  /** Where the browser refuses, the person still sees the link. */
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  }

  return (
    <div class="nobody" data-testid="nobody">
      <p>
        <strong>{texts.people.empty}</strong>
      </p>
      <p class="quiet">{texts.people.emptyHint}</p>
      <code class="nobody-link">{link}</code>
      <button type="button" class="button" onClick={() => void copy()}>
        <Icon name={copied ? "check" : "copy"} size={18} />
        <span aria-live="polite">{copied ? texts.people.copied : texts.people.copyLink}</span>
      </button>
    </div>
  );
}
