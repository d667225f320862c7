/** Runs tasks one after another: a task that is posted by a running one waits for it. */
export interface TaskQueue {
  post(task: () => void): void;
  /** Nothing that waits will run. */
  close(): void;
}

/** A task's exception goes to `onError`, and the next one runs. */
export function createTaskQueue(onError: (error: unknown) => void): TaskQueue {
  const waiting: (() => void)[] = [];
  let running = false;
  let open = true;

  const run = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      onError(error);
    }
  };

  return {
    post(task) {
      if (!open) return;
      waiting.push(task);
      if (running) return;
      running = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) run(next);
      running = false;
    },
    close() {
      open = false;
      waiting.length = 0;
    },
  };
}
