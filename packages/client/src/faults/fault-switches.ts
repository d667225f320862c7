/** Faults that happen once: the stream is cut, what was handed out so far is refused from now on. */
export const momentaryFaults = ["cut", "expire-token", "expire-turn"] as const;
export type MomentaryFault = (typeof momentaryFaults)[number];

/** Faults that last until they are switched off. */
export const lastingFaults = ["stall", "offline", "force-relay", "kill-media"] as const;
export type LastingFault = (typeof lastingFaults)[number];

/** What goes wrong now, and what went wrong so far. */
export interface FaultState {
  readonly on: Readonly<Record<LastingFault, boolean>>;
  /** How often each has happened. */
  readonly times: Readonly<Record<MomentaryFault, number>>;
  /** Whether a server still takes the newest token. */
  readonly token: "none" | "good" | "expired";
}

/**
 * Breaks a Peerline's surroundings on purpose, for tests and for whoever wants to see what a person sees then.
 *
 * - `cut`: every open request to the server ends with an error, as when a proxy restarts.
 * - `stall`: connections stay open and swallow everything both ways, as a half-open path does. What was swallowed is lost.
 * - `offline`: the server cannot be reached. Media goes on; `kill-media` is the other half of a lost network.
 * - `expire-token`: the server refuses every token that was handed out so far.
 * - `expire-turn`: TURN servers refuse every credential that was handed out so far.
 * - `force-relay`: only relayed paths, from the next gathering on.
 * - `kill-media`: nothing that this side's connections send arrives, and nothing arrives here. They notice as they would in
 *   a network: `disconnected` after 2.5 s, `failed` after 15 s, which only an ICE restart or a new connection repairs.
 */
export interface FaultSwitches {
  /** The same object until something changes. */
  state(): FaultState;
  trigger(fault: MomentaryFault): void;
  /** Does nothing when it is so already. */
  set(fault: LastingFault, on: boolean): void;
  /** Called after each change. Does not replay; returns the way out. */
  subscribe(listener: (state: FaultState) => void): () => void;
}

/** The switches as the faulty parts see them. */
export interface Switchboard extends FaultSwitches {
  isOn(fault: LastingFault): boolean;
  /** Calls `run` when the fault happens, or is switched on or off. Returns the way out. */
  on(fault: MomentaryFault | LastingFault, run: () => void): () => void;
  noteToken(token: FaultState["token"]): void;
}

export function createSwitchboard(): Switchboard {
  const parts = new Map<MomentaryFault | LastingFault, Set<() => void>>();
  const listeners = new Set<(state: FaultState) => void>();
  let state: FaultState = {
    on: { stall: false, offline: false, "force-relay": false, "kill-media": false },
    times: { cut: 0, "expire-token": 0, "expire-turn": 0 },
    token: "none",
  };

  function change(next: Partial<FaultState>): void {
    state = { ...state, ...next };
    for (const listener of [...listeners]) listener(state);
  }

  function tell(fault: MomentaryFault | LastingFault): void {
    for (const run of [...(parts.get(fault) ?? [])]) run();
  }

  return {
    state: () => state,
    isOn: (fault) => state.on[fault],
    trigger(fault) {
      tell(fault);
      change({ times: { ...state.times, [fault]: state.times[fault] + 1 } });
    },
    set(fault, on) {
      if (state.on[fault] === on) return;
      change({ on: { ...state.on, [fault]: on } });
      tell(fault);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    on(fault, run) {
      const known = parts.get(fault) ?? new Set();
      parts.set(fault, known.add(run));
      return () => void known.delete(run);
    },
    noteToken(token) {
      if (token !== state.token) change({ token });
    },
  };
}
