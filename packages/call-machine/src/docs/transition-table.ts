/** One machine as the table needs it. */
export interface Walkable<Snapshot, Event, Effect> {
  /** Beginnings by name, each with its first effects. */
  readonly starts: Readonly<Record<string, readonly [Snapshot, readonly Effect[]]>>;
  readonly events: (snapshot: Snapshot) => Readonly<Record<string, Event>>;
  readonly step: (snapshot: Snapshot, event: Event) => readonly [Snapshot, readonly Effect[]];
  /** Two snapshots of one situation are the same to the table. */
  readonly situation: (snapshot: Snapshot) => string;
  readonly isOver: (snapshot: Snapshot) => boolean;
  /** False: only the beginnings have a section. Default true. */
  readonly explored?: boolean;
  /** The effects in a few words each. */
  readonly words: (effects: readonly Effect[]) => readonly string[];
}

interface Row {
  readonly event: string;
  readonly next: string;
  readonly effects: string;
}

/**
 * Everything that can happen to a machine, as Markdown: for each situation that can be reached by the
 * shortest way, what each event leads to. A change of behaviour is a change of this text.
 */
export function transitionTable<Snapshot, Event, Effect>(
  title: string,
  machine: Walkable<Snapshot, Event, Effect>,
): string {
  const parts = [`# ${title}`, "", ...preface, ""];
  for (const [name, [first, effects]] of Object.entries(machine.starts)) {
    const seen =
      machine.explored === false ? [[machine.situation(first), first] as const] : reachable(machine, first);
    parts.push(
      `## ${name}`,
      "",
      `Begins as *${machine.situation(first)}*: ${list(machine.words(effects))}.`,
      "",
    );
    for (const [situation, snapshot] of seen) parts.push(...section(machine, situation, snapshot));
  }
  return parts.join("\n");
}

/** A snapshot for each situation, in the order they are come upon. */
export function reachable<Snapshot, Event, Effect>(
  machine: Walkable<Snapshot, Event, Effect>,
  first: Snapshot,
): ReadonlyMap<string, Snapshot> {
  const seen = new Map([[machine.situation(first), first]]);
  for (const snapshot of seen.values()) {
    if (machine.isOver(snapshot)) continue;
    for (const event of Object.values(machine.events(snapshot))) {
      const [next] = machine.step(snapshot, event);
      const situation = machine.situation(next);
      if (!seen.has(situation)) seen.set(situation, next);
    }
  }
  return seen;
}

function section<Snapshot, Event, Effect>(
  machine: Walkable<Snapshot, Event, Effect>,
  situation: string,
  snapshot: Snapshot,
): readonly string[] {
  if (machine.isOver(snapshot)) return [];
  const rows = Object.entries(machine.events(snapshot)).map(([event, sent]): Row => {
    const [next, effects] = machine.step(snapshot, sent);
    const to = machine.situation(next);
    return { event, next: to === situation ? "" : to, effects: list(machine.words(effects)) };
  });
  const moving = rows.filter(({ next, effects }) => next !== "" || effects !== nothing);
  return [
    `### ${situation}`,
    "",
    "| event | leads to | effects |",
    "|---|---|---|",
    ...moving.map(({ event, next, effects }) => `| ${event} | ${next || "the same"} | ${effects} |`),
    "",
  ];
}

const nothing = "–";

const preface = [
  "Written by the test beside it (`UPDATE=1`). Every event is legal in every state; those that are not listed change",
  "nothing there.",
];

function list(words: readonly string[]): string {
  return words.join("; ") || nothing;
}
