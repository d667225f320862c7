import { echoUser } from "../state/people-rows.ts";
import { hueOf, initials } from "../state/user-name.ts";
import { Icon } from "./icon.tsx";

export type AvatarSize = "small" | "medium" | "large";

/** Initials on the person's own colour. A decoration: the name stands beside it. */
export function Avatar({
  name,
  user,
  size = "medium",
}: {
  readonly name: string;
  readonly user: string;
  readonly size?: AvatarSize;
}) {
  return (
    <span class={`avatar avatar-${size}`} style={{ "--hue": String(hueOf(user)) }} aria-hidden="true">
      {user === echoUser ? <Icon name="echo" /> : initials(name)}
    </span>
  );
}
