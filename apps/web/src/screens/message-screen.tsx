import { Wordmark } from "../ui/wordmark.tsx";

export interface MessageWay {
  readonly href: string;
  readonly label: string;
}

/** One sentence in the middle of a page, and a way on from it where there is one. */
export function MessageScreen({ text, way }: { readonly text: string; readonly way?: MessageWay }) {
  return (
    <main class="centred-page">
      <div class="card">
        <Wordmark />
        <h1 class="message">{text}</h1>
        {way && (
          <a class="button button-primary" href={way.href}>
            {way.label}
          </a>
        )}
      </div>
    </main>
  );
}
