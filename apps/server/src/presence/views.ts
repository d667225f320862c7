import type { PresenceUpdate_Item } from "@peerline/protocol";
import { andThen } from "../outside.ts";
import type { Rules } from "../policy.ts";
import { itemOf, type Person } from "./people.ts";
import type { Tell } from "./presence.ts";

/** What each endpoint is shown: whom it may not see is offline, and what becomes of them is not even told as a change. PROTOCOL T5. */
export interface Views {
  /** Whom of these the viewer may see. */
  visible(viewer: string, users: readonly string[]): ReadonlySet<string> | Promise<ReadonlySet<string>>;
  /** Tells an endpoint all of these, in the place of what it was shown. */
  show(
    key: string,
    users: readonly string[],
    visible: ReadonlySet<string>,
    people: ReadonlyMap<string, Person>,
  ): void;
  /** One user has changed. Of several changes of one user only the newest is told. */
  change(key: string, viewer: string, user: string, item: PresenceUpdate_Item): void | Promise<void>;
  forget(key: string): void;
}

export function createViews(policy: Rules, tell: Tell): Views {
  const shown = new Map<string, Set<string>>();
  /** The newest change of a user that an endpoint is being told, by endpoint. */
  const changing = new Map<string, Map<string, PresenceUpdate_Item>>();
  const maySee = (viewer: string, user: string) => viewer === user || policy.maySeePresence(viewer, user);
  const isNewest = (key: string, user: string, item: PresenceUpdate_Item) => {
    const own = changing.get(key);
    if (own?.get(user) !== item) return false;
    own.delete(user);
    if (own.size === 0) changing.delete(key);
    return true;
  };
  return {
    visible(viewer, users) {
      const answers = users.map((user) => maySee(viewer, user));
      const isLate = answers.some((answer) => answer instanceof Promise);
      return andThen(isLate ? Promise.all(answers) : answers, (known) => {
        return new Set(users.filter((_, index) => known[index] === true));
      });
    },
    show(key, users, visible, people) {
      shown.set(key, new Set(visible));
      const personOf = (user: string) => (visible.has(user) ? people.get(user) : undefined);
      tell(
        key,
        users.map((user) => itemOf(user, personOf(user))),
        true,
      );
    },
    change(key, viewer, user, item) {
      changing.set(key, (changing.get(key) ?? new Map()).set(user, item));
      return andThen(maySee(viewer, user), (visible) => {
        const seen = shown.get(key);
        if (!isNewest(key, user, item) || !seen || !(visible || seen.has(user))) return;
        if (visible) seen.add(user);
        else seen.delete(user);
        tell(key, [visible ? item : itemOf(user, undefined)], false);
      });
    },
    forget(key) {
      shown.delete(key);
      changing.delete(key);
    },
  };
}
