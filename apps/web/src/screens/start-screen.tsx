import { useState } from "preact/hooks";
import { hrefFor, type PageParams } from "../state/page-params.ts";
import { browserStorage } from "../state/page-storage.ts";
import { texts } from "../state/texts.ts";
import { longestName, toUser } from "../state/user-name.ts";
import { useAddress } from "../ui/address.tsx";
import { Wordmark } from "../ui/wordmark.tsx";

const nameKey = "peerline.name";

/** The first page: one name, nothing else. The name is remembered in this browser. UX 1.1. */
export function StartScreen({ params }: { readonly params: PageParams }) {
  const { route } = useAddress();
  const [name, setName] = useState(() => browserStorage.getItem(nameKey) ?? "");
  const [empty, setEmpty] = useState(false);

  function submit(event: Event): void {
    event.preventDefault();
    const typed = name.trim();
    setEmpty(toUser(typed) === "");
    if (toUser(typed) === "") return;
    browserStorage.setItem(nameKey, typed);
    route(hrefFor("/", { ...params, as: typed }));
  }

  return (
    <main class="centred-page">
      <form class="card start-form" onSubmit={submit} noValidate>
        <Wordmark />
        <h1>{texts.start.title}</h1>
        <p class="quiet">{texts.start.lead}</p>
        <label class="field">
          <span>{texts.start.name}</span>
          <input
            name="name"
            autocomplete="nickname"
            maxLength={longestName}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            aria-invalid={empty}
            aria-describedby="name-hint"
            data-testid="name"
          />
        </label>
        <p id="name-hint" class={empty ? "field-error" : "quiet small"} role={empty ? "alert" : undefined}>
          {empty ? texts.start.empty : texts.start.hint}
        </p>
        <button type="submit" class="button button-primary" data-testid="continue">
          {texts.start.go}
        </button>
      </form>
    </main>
  );
}
