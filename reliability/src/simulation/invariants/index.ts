import type { World } from "../world.ts";
import {
  callerTalksToWinner,
  endedIsTheEnd,
  noRescueByLease,
  oneCallAtATime,
  oneCalleeTalks,
  revisionsGrow,
} from "./lifecycle.ts";
import { glareKeepsOne, reasonsAgree } from "./reasons.ts";
import { noRingAfterTheEnd, ringsEnd, ringsOnce } from "./ringing.ts";
import { appliedIsTheLog, commandsRunOnce, memoryIsBounded, noServerBug } from "./transport.ts";

/** What must hold of a world at a quiet moment, each named after its number in PROTOCOL 3. */
export const invariants: Readonly<Record<string, (world: World) => readonly string[]>> = {
  oneCalleeTalks,
  callerTalksToWinner,
  endedIsTheEnd,
  revisionsGrow,
  noRescueByLease,
  noRingAfterTheEnd,
  ringsOnce,
  reasonsAgree,
  oneCallAtATime,
  commandsRunOnce,
  appliedIsTheLog,
  memoryIsBounded,
  ringsEnd,
  glareKeepsOne,
  noServerBug,
};

/** Every violation, each with the number of its invariant. */
export function findProblems(world: World): readonly string[] {
  return Object.values(invariants).flatMap((holds) => holds(world));
}
