import type { Clock } from "@peerline/call-machine";

/** One deadline per name on an injected clock; setting it again replaces it. */
export interface Alarms {
  set(name: string, at: number, run: () => void): void;
  clear(name: string): void;
  close(): void;
}

export function createAlarms(clock: Clock): Alarms {
  const cancels = new Map<string, () => void>();
  const clear = (name: string) => {
    cancels.get(name)?.();
    cancels.delete(name);
  };
  return {
    set(name, at, run) {
      clear(name);
      const cancel = clock.setTimer(at, () => {
        cancels.delete(name);
        run();
      });
      cancels.set(name, cancel);
    },
    clear,
    close() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}
