import type { MomentOf } from "../history.ts";
import type { World } from "../world.ts";

type Arrival = MomentOf<"hello"> | MomentOf<"event">;

/**
 * 13, 14, 15, 16: within an epoch an endpoint is given exactly what the server appended, in order, from where its last
 * hello left it; its position is never ahead of the log; nothing comes by a stream that a newer one has replaced.
 */
export function appliedIsTheLog(world: World): readonly string[] {
  return byLife(world).flatMap(({ key, name, arrivals }) => {
    let position: Position = { epoch: "", applied: 0, stream: 0 };
    return arrivals.flatMap((arrival) => {
      const [next, wrong] =
        arrival.type === "hello"
          ? onHello(position, arrival)
          : onEvent(position, arrival, isLogged(world, key, arrival));
      position = next;
      return wrong.map(
        (text) => `${text.replace(":", `: ${name}`)} at ${next.epoch.slice(0, 4)}/${next.applied}`,
      );
    });
  });
}

interface Position {
  readonly epoch: string;
  readonly applied: number;
  readonly stream: number;
}

function onHello(position: Position, hello: MomentOf<"hello">): readonly [Position, readonly string[]] {
  const { epoch, stream, resumed, top } = hello;
  const applied = resumed ? position.applied : top;
  return [
    { epoch, stream, applied },
    [
      ...(resumed && epoch !== position.epoch ? ["14: resumed an epoch that it was not in"] : []),
      ...(applied > top ? ["15: is ahead of the server's log"] : []),
    ],
  ];
}

function onEvent(
  position: Position,
  { stream, offset }: MomentOf<"event">,
  logged: boolean,
): readonly [Position, readonly string[]] {
  return [
    { ...position, applied: offset },
    [
      ...(stream === position.stream ? [] : ["16: was given an event of a stream that was replaced"]),
      ...(offset === position.applied + 1 ? [] : [`13: was given this one after ${position.applied}`]),
      ...(logged ? [] : ["14: was given what the server did not append"]),
    ],
  ];
}

function isLogged({ server }: World, key: string, { epoch, offset, bytes }: MomentOf<"event">): boolean {
  const log = server.lives.map(({ ledger }) => ledger.mailboxes.get(key)?.get(epoch)).find((one) => one);
  const entry = log?.[offset - 1];
  return entry !== undefined && Buffer.compare(entry, bytes) === 0;
}

function byLife({ history, tabs }: World) {
  const lives = new Map<string, Arrival[]>();
  for (const moment of history) {
    if (moment.type !== "hello" && moment.type !== "event") continue;
    const name = `${moment.tab} ${moment.life}`;
    lives.set(name, [...(lives.get(name) ?? []), moment]);
  }
  return [...lives].map(([name, arrivals]) => ({
    name,
    arrivals,
    key: tabs.find((tab) => tab.name === arrivals[0]?.tab)?.key ?? "",
  }));
}

/** 11, 17: in each epoch the commands ran in the order of their numbers, each once. */
export function commandsRunOnce({ server }: World): readonly string[] {
  return server.lives.flatMap(({ ledger }) =>
    [...ledger.executions].flatMap(([name, executed]) => {
      const wrong = executed.findIndex((seq, index) => seq !== index + 1);
      return wrong < 0
        ? []
        : [`11, 17: ${name.slice(0, 6)} executed ${executed[wrong]} as number ${wrong + 1}`];
    }),
  );
}

const maxResults = 256;

/** 18: what a server keeps is bounded. */
export function memoryIsBounded({ server }: World): readonly string[] {
  return server.lives
    .filter(({ ledger }) => ledger.peaks.results > maxResults)
    .map(({ ledger }) => `18: ${ledger.peaks.results} results are kept`);
}

/** A server met no problem of its own. */
export function noServerBug({ server }: World): readonly string[] {
  return server.lives.flatMap(({ bugs }) => bugs.map((bug) => `27: ${bug}`));
}
