import { useEffect, useReducer, useState } from "preact/hooks";

/** Draws the component again every `periodMs`. */
export function useTicks(periodMs: number): void {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, periodMs, undefined);
    return () => clearInterval(timer);
  }, [periodMs]);
}

/** True once `active` has lasted for `afterMs`. */
export function useSlow(active: boolean, afterMs: number): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!active) return;
    const timer = setTimeout(() => setSlow(true), afterMs);
    return () => clearTimeout(timer);
  }, [active, afterMs]);
  return slow;
}
