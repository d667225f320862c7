import { accountOf } from "@peerline/call-machine/wire";
import { check, isRecord, isUser } from "./check.ts";
import type { Peerline, PeerlineOptions } from "./peerline.ts";

/**
 * Where people sign in by name alone, `user` is any name: the options with the account that it signs in to, and with the name as it is
 * shown. With a `getToken` accounts are the application's own, and nothing changes. Throws `PeerlineError` "invalid-option" for a name in which
 * there is nothing to see. Takes options that have been checked.
 */
export function namedOptions(options: PeerlineOptions): PeerlineOptions {
  const { user: name, displayName, getToken } = options;
  if (getToken) return options;
  const user = accountOf(name);
  check(user !== undefined, "user", name, "give a name in which there is something to see");
  return { ...options, user, displayName: displayName || name };
}

/** The same Peerline, whose people may be called by their names where they sign in by them. */
export function byName(peerline: Peerline, { getToken }: PeerlineOptions): Peerline {
  if (getToken) return peerline;
  // What no user can be called stays as it is, and is refused.
  const of = (name: string) => (isUser(name) && accountOf(name)) || name;
  return {
    ...peerline,
    dial: (name, kind) => peerline.dial(of(name), kind),
    ping: (name) => peerline.ping(of(name)),
    sendExtension(message) {
      const { to } = message ?? {};
      const named = isRecord(to) && "user" in to ? { ...message, to: { user: of(to.user) } } : message;
      return peerline.sendExtension(named);
    },
  };
}
