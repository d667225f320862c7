/** Where one tab of a person stands among the person's tabs in this browser. */
export type TabState =
  /** Asks whether it may lead. `returns`: it led before its page was reloaded. */
  | { readonly phase: "joining"; readonly returns: boolean }
  /** Another tab leads. `leaderBusy`: it is in a call; `undefined`: it has not said yet. */
  | { readonly phase: "standby"; readonly leaderBusy: boolean | undefined }
  /** The only one that holds a session and rings. */
  | { readonly phase: "leading"; readonly busy: boolean }
  | { readonly phase: "left" };

/** What tabs tell each other. */
export type TabMessage =
  | { readonly type: "who-leads" }
  | { readonly type: "leading"; readonly busy: boolean }
  | { readonly type: "signed-out" };

export type TabInput =
  /** This tab has the lock from now on. */
  | { readonly type: "lock.granted" }
  /** Another tab has the lock. */
  | { readonly type: "lock.taken" }
  /** Another tab took the lock away. */
  | { readonly type: "lock.lost" }
  | { readonly type: "message"; readonly message: TabMessage }
  /** This tab's session is in a call, or is not any more. A call that only rings here does not count. */
  | { readonly type: "busy"; readonly busy: boolean }
  /** The person wants to go on in this tab. */
  | { readonly type: "take-over" }
  | { readonly type: "sign-out" };

export type TabEffect =
  /** Wait for the lock behind the other tabs. */
  | { readonly type: "queue" }
  /** Take the lock, whoever has it. */
  | { readonly type: "steal" }
  | { readonly type: "post"; readonly message: TabMessage }
  /** Open the session, or close it and leave its calls the detach grace. */
  | { readonly type: "open" }
  | { readonly type: "close" }
  /** Show the sign-in page: its session, if any, ends with its calls. */
  | { readonly type: "signed-out" };

export type TabStep = readonly [TabState, readonly TabEffect[]];

const nothing: readonly TabEffect[] = [];

/**
 * Which tab of a person leads: the one with the lock, and a tab in a call never gives it up. Total: an input that does not fit
 * changes nothing.
 */
export function decideTab(state: TabState, input: TabInput): TabStep {
  if (state.phase === "left") return [state, nothing];
  switch (input.type) {
    case "lock.granted":
      return state.phase === "leading" ? [state, nothing] : lead();
    case "lock.taken":
      return state.phase === "joining" ? onTaken(state.returns) : [state, nothing];
    case "lock.lost":
      return state.phase === "leading" ? onLost(state.busy) : [state, nothing];
    case "busy":
      return state.phase === "leading" ? onBusy(state, input.busy) : [state, nothing];
    case "take-over":
      return state.phase === "standby" && !state.leaderBusy ? [state, [{ type: "steal" }]] : [state, nothing];
    case "sign-out":
      return [{ phase: "left" }, [post({ type: "signed-out" }), { type: "signed-out" }]];
    case "message":
      return onMessage(state, input.message);
  }
}

function lead(): TabStep {
  return [{ phase: "leading", busy: false }, [{ type: "open" }, post({ type: "leading", busy: false })]];
}

/** A page that led before its reload goes on where it was: the tab that stood in for it has no call yet, or keeps the lock. */
function onTaken(returns: boolean): TabStep {
  return [
    { phase: "standby", leaderBusy: undefined },
    returns ? [{ type: "steal" }] : [{ type: "queue" }, post({ type: "who-leads" })],
  ];
}

/** The other tab did not know of a call that began this moment: the call keeps its tab. */
function onLost(busy: boolean): TabStep {
  if (busy) return [{ phase: "leading", busy }, [{ type: "steal" }, post({ type: "leading", busy })]];
  return [
    { phase: "standby", leaderBusy: undefined },
    [{ type: "close" }, { type: "queue" }, post({ type: "who-leads" })],
  ];
}

function onBusy(state: Extract<TabState, { phase: "leading" }>, busy: boolean): TabStep {
  if (state.busy === busy) return [state, nothing];
  return [{ phase: "leading", busy }, [post({ type: "leading", busy })]];
}

function onMessage(state: TabState, message: TabMessage): TabStep {
  switch (message.type) {
    case "who-leads":
      return [state, state.phase === "leading" ? [post({ type: "leading", busy: state.busy })] : nothing];
    case "leading":
      if (state.phase !== "standby" || state.leaderBusy === message.busy) return [state, nothing];
      return [{ phase: "standby", leaderBusy: message.busy }, nothing];
    case "signed-out":
      return [{ phase: "left" }, [{ type: "signed-out" }]];
  }
}

function post(message: TabMessage): TabEffect {
  return { type: "post", message };
}
