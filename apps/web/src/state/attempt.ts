/** What `run` gives; undefined when the browser throws instead, as it does for storage and locks where site data is blocked. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
