/** A page that runs functions in itself: Chromium's under Playwright, Firefox's under puppeteer. */
export interface Scripted {
  /** What `run` gives, or resolves with, in the page; as JSON carries it. */
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
}

/** A person with the web client open, in whichever browser: what they do, and what they see. */
export interface Someone {
  readonly name: string;
  readonly page: Scripted;
  /** Presses a call button in the row of `user`, once they are online. */
  call(user: string, kind?: "video" | "audio"): Promise<void>;
  press(testId: string): Promise<void>;
  expectShown(testId: string): Promise<void>;
  expectText(testId: string, text: string | RegExp): Promise<void>;
  expectPhase(phase: string | RegExp): Promise<void>;
  expectEnded(reason: string | RegExp): Promise<void>;
  /** Whether sound arrives that is more than silence, within 1.5 s. */
  hears(): Promise<boolean>;
  /** Leaves the summary of the ended call. */
  backToPeople(): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
}
