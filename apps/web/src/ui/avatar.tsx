import { hueOf, initials } from "../state/user-name.ts";
import { Icon } from "./icon.tsx";

export type AvatarSize = "small" | "medium" | "large";

/** Initials on the person's own colour. A decoration: the name stands beside it. */
export function Avatar({
  name,
  user,
  size = "medium",
  isEcho = false,
}: {
  readonly name: string;
  readonly user: string;
  readonly size?: AvatarSize;
  readonly isEcho?: boolean;
}) {
  return (
    <span class={`avatar avatar-${size}`} style={{ "--hue": String(hueOf(user)) }} aria-hidden="true">
      {isEcho ? <Icon name="echo" /> : initials(name)}
    </span>
  );
}
