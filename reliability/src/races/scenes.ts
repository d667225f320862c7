import type { MediaKind } from "@peerline/call-machine";
import type { Rule } from "../simulation/passage.ts";
import type { Tab } from "../simulation/tab.ts";
import { defaultDelayMs } from "../simulation/wire.ts";
import { createWorld, type World, type WorldOptions } from "../simulation/world.ts";

/** From one endpoint to the server and back. */
export const roundTripMs = 2 * defaultDelayMs;

export interface Scene {
  readonly world: World;
  readonly ana: Tab;
  readonly ben: Tab;
  readonly callId: string;
}

/** Devices that open at once, so that only the network takes time. */
const quickMedia = { mediaMs: [1, 1] } as const;

/** Ana calls Ben, and it rings at each of his tabs. */
export async function ringing(
  options: Partial<WorldOptions> = {},
  kind: MediaKind = "audio",
): Promise<Scene> {
  const world = await createWorld({ tabs: quick("ana", "ben"), ...options });
  const { ana, ben } = world.named("ana", "ben");
  const callId = ana.dial("ben", kind);
  await world.until(() => ana.phase() === "ringing" && ben.phase() === "incoming");
  return { world, ana, ben, callId };
}

/** Ana and Ben talk. */
export async function talking(
  options: Partial<WorldOptions> = {},
  kind: MediaKind = "audio",
): Promise<Scene> {
  const scene = await ringing(options, kind);
  scene.ben.accept(kind);
  await scene.world.until(() => bothLive(scene));
  return scene;
}

export function bothLive({ ana, ben }: Pick<Scene, "ana" | "ben">): boolean {
  return ana.phase() === "live" && ben.phase() === "live";
}

export function quick(...users: readonly string[]) {
  return users.map((user) => ({ user, ...quickMedia }));
}

/** Delays or loses what goes up with a command of this kind; the first `times` times. */
export function onCommand(
  action: string,
  fate: ReturnType<Rule>,
  {
    kind = "request",
    times = Number.POSITIVE_INFINITY,
  }: { kind?: "request" | "response"; times?: number } = {},
): Rule {
  let left = times;
  let isUnderWay = false;
  return (passage) => {
    if (passage.rpc !== "send") return undefined;
    if (passage.kind === "request") isUnderWay = commandsOf(passage.message).includes(action);
    if (!isUnderWay || passage.kind !== kind || left <= 0) return undefined;
    left -= 1;
    return fate;
  };
}

/** Each is asked about every passage; the first that has an answer is followed. */
export function either(...rules: readonly Rule[]): Rule {
  return (passage) => rules.map((rule) => rule(passage)).find((fate) => fate !== undefined);
}

/** The kinds of the commands in a request. */
export function commandsOf(message: unknown): readonly string[] {
  const { commands = [] } = message as { readonly commands?: readonly { action: { case?: string } }[] };
  return commands.map(({ action }) => action.case ?? "");
}
