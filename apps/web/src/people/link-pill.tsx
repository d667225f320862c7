import type { LinkLook } from "../state/link-look.ts";
import { texts } from "../state/texts.ts";

/** The link to the server: a shape and a word. */
export function LinkPill({ look }: { readonly look: LinkLook }) {
  return (
    <span class={`pill pill-${look}`} data-testid="link-state" data-state={look}>
      <span class="pill-dot" />
      {texts.link[look]}
    </span>
  );
}
