import type { KnownContacts } from "../policy.ts";

/** Who follows whom, found by the one who is followed: a change costs as much as it has followers. */
export interface Followers {
  /** In the place of what this endpoint followed. */
  set(key: string, users: KnownContacts, more: Iterable<string>): void;
  /** Keys of the endpoints that follow a user. */
  of(user: string): Iterable<string>;
  forget(key: string): void;
}

export function createFollowers(): Followers {
  const usersByKey = new Map<string, ReadonlySet<string>>();
  const keysByUser = new Map<string, Set<string>>();
  const ofEveryone = new Set<string>();
  const forget = (key: string) => {
    ofEveryone.delete(key);
    for (const user of usersByKey.get(key) ?? []) {
      const keys = keysByUser.get(user);
      keys?.delete(key);
      if (keys?.size === 0) keysByUser.delete(user);
    }
    usersByKey.delete(key);
  };
  return {
    set(key, users, more) {
      forget(key);
      if (users === "everyone") ofEveryone.add(key);
      const named = new Set([...more, ...(users === "everyone" ? [] : users)]);
      usersByKey.set(key, named);
      for (const user of named) keysByUser.set(user, (keysByUser.get(user) ?? new Set()).add(key));
    },
    of: (user) => new Set([...(keysByUser.get(user) ?? []), ...ofEveryone]),
    forget,
  };
}
