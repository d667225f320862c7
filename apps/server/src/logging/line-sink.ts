/** Where lines go: the part of a Node stream such as stderr. */
export interface LineStream {
  readonly writableLength: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", told: (error: Error) => void): unknown;
}

/** More than this waits for no reader. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Writes lines and never throws: when the disk is full, or the reader is gone or asleep, lines are lost and the process
 * lives. Once a line can be written again, `describe(count)` says how many were not.
 */
export function createLineSink(
  stream: LineStream,
  describe: (count: number) => string,
): (line: string) => void {
  let lost = 0;
  let isTelling = false;
  // An error without a listener ends the process; what was lost is counted where it was written.
  stream.on("error", () => {});
  const attempt = (text: string, done: (isWritten: boolean) => void) => {
    if (stream.writableLength > maxWaitingBytes) return done(false);
    try {
      stream.write(text, (error) => done(!error));
    } catch {
      done(false);
    }
  };
  const tell = () => {
    if (lost === 0 || isTelling) return;
    const told = lost;
    isTelling = true;
    // A line may have been cut off in its middle: this one begins anew.
    attempt(`\n${describe(told)}`, (isWritten) => {
      isTelling = false;
      if (isWritten) lost -= told;
    });
  };
  return (line) =>
    attempt(line, (isWritten) => {
      if (isWritten) tell();
      else lost += 1;
    });
}
