import { texts } from "../state/texts.ts";

/** The name beside its sign: two people and the line between them. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
        <rect class="wordmark-ground" width="32" height="32" rx="8" />
        <circle cx="9.5" cy="16" r="4.5" fill="#fff" />
        <circle cx="22.5" cy="16" r="4.5" fill="none" stroke="#fff" stroke-width="2.5" />
        <path d="M14 16h4" stroke="#fff" stroke-width="2.5" />
      </svg>
      <span class="wordmark-name">{texts.app.name}</span>
    </span>
  );
}
