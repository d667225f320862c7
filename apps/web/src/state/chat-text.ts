/** The longest message that the chat channel takes, in bytes. */
const longestBytes = 8 * 1_024;

export type ChatCheck = "empty" | "tooLong" | "fits";

/** Whether a message may be sent. Spaces around it do not count. */
export function checkChatText(text: string): ChatCheck {
  const trimmed = text.trim();
  if (trimmed === "") return "empty";
  return new TextEncoder().encode(trimmed).length > longestBytes ? "tooLong" : "fits";
}
