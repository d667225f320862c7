/** Every length of time and every bound of a signaling session, in milliseconds unless named otherwise. PROTOCOL 1.11, 1.13, 2.6. */
export interface SessionTiming {
  /** From opening a stream to its first frame. */
  readonly helloMs: number;
  /** Silence after which the stream is dead, while a call is on. */
  readonly deadBusyMs: number;
  /** The same with no call. */
  readonly deadIdleMs: number;
  /** Between two heartbeats. */
  readonly heartbeatMs: number;
  /** Longest delay of an acknowledgement that has no command to ride on. */
  readonly ackMs: number;
  /** Events after which the acknowledgement does not wait. */
  readonly ackEvents: number;
  /** How long one Send may take, while a call is on. */
  readonly unaryBusyMs: number;
  /** The same with no call. */
  readonly unaryIdleMs: number;
  /** A stream that lived this long starts the backoff over. */
  readonly resetAfterMs: number;
  /** How long the application may take to bring a token before the view says so and it is asked again. */
  readonly tokenMs: number;
  /** How long a question for fresh ICE servers may take. */
  readonly iceServersMs: number;
  /** How long the server may hold a Poll. */
  readonly pollHoldMs: number;
  /** Between two Polls of a tab that nobody looks at, which are not held. */
  readonly hiddenPollMs: number;
  /** Between two Polls that are answered at once although there is nothing to say. */
  readonly pollPauseMs: number;
  /** A session that fell back to polling tries a stream this often. */
  readonly probeMs: number;
  /** A wake does not replace a stream that is younger than this. */
  readonly freshMs: number;
}

/** The defaults of PROTOCOL 1.13; a Hello's `Timers` replace the two deadlines. */
export const defaultTiming: SessionTiming = {
  helloMs: 5_000,
  deadBusyMs: 15_000,
  deadIdleMs: 45_000,
  heartbeatMs: 5_000,
  ackMs: 5_000,
  ackEvents: 64,
  unaryBusyMs: 5_000,
  unaryIdleMs: 10_000,
  resetAfterMs: 10_000,
  tokenMs: 10_000,
  iceServersMs: 2_000,
  pollHoldMs: 25_000,
  hiddenPollMs: 5_000,
  pollPauseMs: 1_000,
  probeMs: 300_000,
  freshMs: 1_000,
};

/** What one Send may carry. A Hello's `Limits` replace them. PROTOCOL 1.11. */
export interface SendLimits {
  readonly commands: number;
  readonly bytes: number;
}

export const defaultLimits: SendLimits = { commands: 32, bytes: 256 * 1024 };
