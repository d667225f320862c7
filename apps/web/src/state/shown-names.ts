import type { PeerlineView } from "@peerline/client";
import { echoUser } from "./people-rows.ts";
import { texts } from "./texts.ts";

/** `view` in which the echo bot has the same name everywhere, whatever it calls itself. */
export function withShownNames(view: PeerlineView): PeerlineView {
  const { people, calls, call, details, recent } = view;
  const shownCall = call && withRemote(call);
  return {
    ...view,
    people: people.map(named),
    calls: calls.map((one) => (one === call && shownCall ? shownCall : withRemote(one))),
    call: shownCall,
    details: details && withRemote(details),
    recent: recent.map(withRemote),
  };
}

function withRemote<T extends { readonly remote: Named }>(item: T): T {
  const remote = named(item.remote);
  return remote === item.remote ? item : { ...item, remote };
}

interface Named {
  readonly user: string;
  readonly displayName: string;
}

function named<T extends Named>(person: T): T {
  return person.user === echoUser ? { ...person, displayName: texts.people.echoName } : person;
}
