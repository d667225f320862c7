/** Something that happens at most once, and whoever is to be told of it. */
export interface Once {
  happen(): void;
  /** Calls `run` when it happens, at once if it has already. The latest one counts. */
  tell(run: () => void): void;
}

export function createOnce(): Once {
  let happened = false;
  let told = () => {};
  return {
    happen() {
      happened = true;
      told();
    },
    tell(run) {
      told = run;
      if (happened) run();
    },
  };
}
