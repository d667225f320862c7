const longestText = 200;

/** What was thrown, in a line for a log or a person. Never throws, whatever it is. */
export function textOf(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
    return text.slice(0, longestText);
  } catch {
    return "something that has no text";
  }
}
