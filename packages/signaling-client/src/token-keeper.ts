import { textOf } from "@peerline/call-machine";
import { backoffMs } from "./backoff.ts";
import type { GetToken } from "./options.ts";
import { SignalingError } from "./signaling-error.ts";
import { usableToken } from "./token.ts";

/** The session's one token: who has it, how long it is good, when it is renewed. PROTOCOL 1.12. */
export interface TokenKeeper {
  /** The token to present, good or not. */
  readonly token: string | undefined;
  /** There is one, and neither the clock nor the server has refused it. */
  usable(): boolean;
  /** The server refused this token. One that was replaced meanwhile is not harmed. */
  refuse(token: string | undefined): void;
  /** The server says how long the present token is good. */
  validFor(ms: number): void;
  /** The present token could not be put to use: another one is fetched after a backoff. */
  retryLater(): void;
  /** Gets a token now, unless one is on its way. */
  fetch(): void;
  /** Gets a token unless one is on its way, and resolves when it is there. Does not resolve while none comes. */
  renewed(): Promise<void>;
  /** Renews the token when half of its life is over. */
  tick(): void;
  /** When it wants its next `tick`, or Infinity. */
  deadline(): number;
}

export interface TokenKeeperOptions {
  readonly getToken: GetToken;
  readonly now: () => number;
  readonly random: () => number;
  /** After this long a question that got no answer is asked again. A late answer counts, unless a newer one came before it. */
  readonly tokenMs: number;
  /** A new token is there. Called asynchronously. */
  readonly onToken: () => void;
  readonly onError: (error: SignalingError) => void;
}

const never = Number.POSITIVE_INFINITY;

/** However short a token's life, it is not renewed more often. */
const shortestRenewalMs = 1_000;

interface Question {
  readonly number: number;
  readonly until: number;
}

interface Held {
  readonly token: string;
  readonly expiresAt: number;
  readonly renewAt: number;
}

export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  const { now } = options;
  let held: Held | undefined;
  let refused = false;
  let asking: Question | undefined;
  let asked = 0;
  let answered = 0;
  let failures = 0;
  let retryAt = 0;
  let waiting: (() => void)[] = [];

  const ask = async (question: Question): Promise<void> => {
    try {
      const { token, validForMs } = usableToken(
        await options.getToken(held === undefined ? "first" : "expired"),
      );
      if (question.number < answered) return;
      answered = question.number;
      held = { token, ...life(now(), validForMs) };
      refused = false;
      failures = 0;
      if (asking === question) asking = undefined;
      const awaited = waiting;
      waiting = [];
      options.onToken();
      for (const resolve of awaited) resolve();
    } catch (error) {
      if (asking !== question) return;
      asking = undefined;
      retryAt = now() + backoffMs(++failures, "idle", options.random());
      options.onError(asRefusal(error));
    }
  };

  const fetch = (): void => {
    if (asking !== undefined && now() < asking.until) return;
    asked += 1;
    asking = { number: asked, until: now() + options.tokenMs };
    void ask(asking);
  };

  const renewalAt = (): number =>
    held === undefined ? never : (asking?.until ?? Math.max(held.renewAt, retryAt));

  return {
    get token() {
      return held?.token;
    },
    usable: () => held !== undefined && !refused && now() < held.expiresAt,
    refuse(token) {
      if (held !== undefined && held.token === token) refused = true;
    },
    validFor(ms) {
      if (held !== undefined) held = { ...held, ...life(now(), ms) };
    },
    retryLater() {
      retryAt = now() + backoffMs(++failures, "idle", options.random());
      if (held !== undefined) held = { ...held, renewAt: retryAt };
    },
    fetch,
    renewed: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        fetch();
      }),
    tick() {
      if (now() >= renewalAt()) fetch();
    },
    deadline: renewalAt,
  };
}

/** Only the application itself can say that there will be no token: whatever else it throws is tried again. */
function asRefusal(error: unknown): SignalingError {
  if (error instanceof SignalingError) return error;
  return new SignalingError("no-token", textOf(error), { cause: error });
}

/** A token is renewed at half of its life, so that a failing renewal has the other half. */
function life(at: number, validForMs: number | undefined): Pick<Held, "expiresAt" | "renewAt"> {
  if (validForMs === undefined) return { expiresAt: never, renewAt: never };
  return { expiresAt: at + validForMs, renewAt: at + Math.max(validForMs / 2, shortestRenewalMs) };
}
