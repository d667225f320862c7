import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { texts } from "../state/texts.ts";
import { MessageScreen } from "./message-screen.tsx";

/** A page that cannot be drawn says so instead of being blank. What is outside of it goes on: a voice is heard. */
export function WhenBroken({ children }: { readonly children: ComponentChildren }) {
  const [error] = useErrorBoundary((thrown) => reportError(thrown));
  return error ? <MessageScreen text={texts.app.broken} /> : children;
}
