import type { Availability, Person, SessionView } from "@peerline/call-machine";

import { texts } from "./texts.ts";

/** The account of the bot that reflects what it hears and sees. */
export const echoUser = "echo";

export interface PersonRow {
  readonly user: string;
  readonly displayName: string;
  readonly status: Availability | "unknown";
  readonly isEcho: boolean;
  /** Why the person cannot be called now. */
  readonly obstacle: "offline" | "inCall" | "noLink" | undefined;
}

/** The contact list: the echo bot first, whether it runs or not, then everyone else by name. UX 1.1, 1.2. */
export function peopleRows(
  view: Pick<SessionView, "user" | "link" | "people" | "calls">,
): readonly PersonRow[] {
  const others = view.people.filter(({ user }) => user !== view.user && user !== echoUser);
  const echo = view.people.find(({ user }) => user === echoUser) ?? absentEcho;
  const shown = view.user === echoUser ? others : [echo, ...others];
  return shown.map((person) => rowFor(person, view));
}

const absentEcho: Person = {
  user: echoUser,
  displayName: texts.people.echoName,
  availability: "offline",
  bot: true,
  version: 0,
};

function rowFor(person: Person, { link, calls }: Pick<SessionView, "link" | "calls">): PersonRow {
  return {
    user: person.user,
    displayName: person.displayName,
    status: link === "online" ? person.availability : "unknown",
    isEcho: person.user === echoUser,
    obstacle: obstacleFor(person, link === "online", calls.length > 0),
  };
}

function obstacleFor(person: Person, online: boolean, inCall: boolean): PersonRow["obstacle"] {
  if (!online) return "noLink";
  if (inCall) return "inCall";
  return person.availability === "offline" ? "offline" : undefined;
}
