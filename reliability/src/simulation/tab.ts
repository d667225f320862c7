import type { Transport } from "@connectrpc/connect";
import type {
  CallId,
  CallPhase,
  CallTimers,
  CallView,
  MediaKind,
  Session,
  SessionPorts,
} from "@peerline/call-machine";
import type { AlertPolicy } from "@peerline/protocol";
import { endpointKey } from "@peerline/server/testing";
import type { SessionTiming } from "@peerline/signaling-client";
import { endLife, type Life, startLife, type TabSurroundings } from "./life.ts";
import type { Line } from "./line.ts";

export interface TabOptions {
  readonly user: string;
  /** For traces. Default: the user's name. */
  readonly name?: string;
  /** 32 hex digits; kept over reloads. Default: random. */
  readonly endpointId?: string;
  readonly alertPolicy?: AlertPolicy;
  /** Accepts by itself: a bot. */
  readonly autoAccept?: MediaKind;
  readonly capacity?: number;
  /** How likely a device is refused. Default 0. */
  readonly refusal?: number;
  /** Shortest and longest time that devices take to open, in ms. */
  readonly mediaMs?: readonly [min: number, max: number];
  readonly timing?: Partial<SessionTiming>;
  readonly timers?: Partial<CallTimers>;
  /** Between the machines and what they send: for deliberate breakages. */
  readonly wrapPorts?: (ports: SessionPorts) => SessionPorts;
  /** Between the signaling session and its line: for deliberate breakages. */
  readonly wrapTransport?: (transport: Transport) => Transport;
}

/** One endpoint: a tab of a browser or a bot's process, with all that a person can do in it and to it. */
export interface Tab {
  readonly name: string;
  readonly user: string;
  /** Names its mailbox. */
  readonly key: string;
  /** Undefined while it is closed. */
  life(): Life | undefined;
  /** Throws while it is closed. */
  session(): Session;
  line(): Line;
  /** What the screen shows. */
  call(): CallView | undefined;
  phase(): CallPhase | "none" | "closed";
  /** Rings, and resolves to the id of the call. */
  dial(user: string, kind?: MediaKind): CallId;
  accept(kind?: MediaKind): void;
  decline(): void;
  hangUp(): void;
  /** The page goes away and says so. `crash`: without a word, and its connections break. `vanish`: not even that. */
  close(how?: "page-gone" | "sign-out" | "crash" | "vanish"): void;
  /** The page is there (again), with the same endpoint id. Nothing when it is open. */
  open(): void;
  /** Messages on their way, also those of earlier lives. */
  underWay(): number;
  freeze(): void;
  /** With the wake-up call that a platform gives first. */
  thaw(): void;
}

const idBytes = 16;

export function createTab(options: TabOptions, world: TabSurroundings): Tab {
  const { user, name = user, endpointId = world.random.hex(idBytes) } = options;
  let life: Life | undefined;
  let lives = 0;
  const lines: Line[] = [];
  const session = () => {
    if (!life) throw new Error(`${name} is closed`);
    return life.session;
  };
  const call = () => life?.session.view().call;
  const onCall = (run: (session: Session, callId: CallId) => void) => {
    const shown = call();
    if (shown) run(session(), shown.callId);
  };
  const tab: Tab = {
    name,
    user,
    key: endpointKey(user, endpointId),
    life: () => life,
    session,
    line() {
      if (!life) throw new Error(`${name} is closed`);
      return life.line;
    },
    call,
    phase: () => (life ? (call()?.phase ?? "none") : "closed"),
    dial(callee, kind = "audio") {
      const callId = world.random.hex(idBytes);
      world.totals.calls += 1;
      session().dial({ user: callee, displayName: callee }, kind, callId);
      return callId;
    },
    accept: (kind = "audio") => onCall((to, callId) => to.send(callId, { type: "user.accept", kind })),
    decline: () => onCall((to, callId) => to.send(callId, { type: "user.decline" })),
    hangUp: () => onCall((to, callId) => to.send(callId, { type: "user.hangUp" })),
    close(how = "page-gone") {
      if (!life) return;
      if (how === "page-gone" || how === "sign-out") life.session.stop(how);
      endLife(life, how);
      world.tell({ at: world.clock.now(), tab: name, life: life.number, type: "closed" });
      life = undefined;
    },
    open() {
      if (life) return;
      life = startLife({ ...options, name, endpointId }, world, ++lives);
      lines.push(life.line);
    },
    underWay: () => lines.reduce((sum, line) => sum + line.underWay(), 0),
    freeze: () => life?.process.freeze(),
    thaw: () => life?.process.thaw(() => life?.session.wake()),
  };
  tab.open();
  return tab;
}
