import type { Clock } from "@peerline/call-machine";
import type { Switchboard } from "./fault-switches.ts";
import { lostAfterMs, missedAfterMs, type PathState } from "./path-report.ts";

/** The media path of one connection, as `kill-media` has it. */
export interface DeadPath {
  state(): PathState;
  /** Nothing passes. */
  isDead(): boolean;
  /** The connection looked for a new path: one that was lost is whole again once it is healed. */
  renewed(): void;
  close(): void;
}

export interface DeadPathEvents {
  /** The path died, or lives again. */
  readonly onTurn: (isDead: boolean) => void;
  /** `state()` is another one. */
  readonly onState: () => void;
}

export function createDeadPath(board: Switchboard, clock: Clock, events: DeadPathEvents): DeadPath {
  let state: PathState = "whole";
  let wasRenewed = false;
  let cancelTimers: (() => void)[] = [];

  function enter(next: PathState): void {
    state = next;
    events.onState();
  }

  function die(): void {
    wasRenewed = false;
    const now = clock.now();
    cancelTimers = [
      clock.setTimer(now + missedAfterMs, () => enter("missed")),
      clock.setTimer(now + lostAfterMs, lose),
    ];
    enter("unnoticed");
    events.onTurn(true);
  }

  function lose(): void {
    wasRenewed = false;
    enter("lost");
  }

  function heal(): void {
    stop();
    events.onTurn(false);
    if (state !== "lost" || wasRenewed) enter("whole");
  }

  function stop(): void {
    for (const cancel of cancelTimers.splice(0)) cancel();
  }

  const leave = board.on("kill-media", () => (board.isOn("kill-media") ? die() : heal()));
  if (board.isOn("kill-media")) die();
  return {
    state: () => state,
    isDead: () => board.isOn("kill-media"),
    renewed() {
      wasRenewed = true;
      if (state === "lost" && !board.isOn("kill-media")) enter("whole");
    },
    close() {
      leave();
      stop();
    },
  };
}
