import { Wordmark } from "../ui/wordmark.tsx";

/** One sentence in the middle of a page. */
export function MessageScreen({ text }: { readonly text: string }) {
  return (
    <main class="centred-page">
      <div class="card">
        <Wordmark />
        <h1 class="message">{text}</h1>
      </div>
    </main>
  );
}
