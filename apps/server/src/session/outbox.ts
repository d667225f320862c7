import type { PresenceUpdate_Item } from "@peerline/protocol";
import type { ServerError } from "../errors/server-error.ts";
import type { Frame } from "./live-stream.ts";
import { createOnce } from "./once.ts";

/** What waits for a stream besides its mailbox. Bounded: presence keeps one value per user. */
export interface Outbox {
  push(frame: Frame): void;
  /** `full` replaces what waits. */
  presence(items: readonly PresenceUpdate_Item[], full: boolean): void;
  /** The stream ends after one last frame; the first call counts. */
  finish(frame: Frame | undefined): void;
  fail(error: ServerError): void;
  /** Calls `run` once it is finished or failed, at once if it is already. The latest one counts. */
  onOver(run: () => void): void;
  /** The end, once there is one; throws after `fail`. */
  ending(): { readonly frame: Frame | undefined } | undefined;
  /** Everything that waits, oldest first; then nothing waits. */
  drain(): readonly Frame[];
}

const presencePerFrame = 256;

/** `ring` is called after each change. */
export function createOutbox(ring: () => void): Outbox {
  const people = new Map<string, PresenceUpdate_Item>();
  let control: Frame[] = [];
  let full = false;
  let last: { readonly frame: Frame | undefined } | undefined;
  let failure: ServerError | undefined;
  const over = createOnce();
  return {
    push(frame) {
      control.push(frame);
      ring();
    },
    presence(items, replaces) {
      if (replaces) people.clear();
      full ||= replaces;
      for (const item of items) people.set(item.user, item);
      ring();
    },
    finish(frame) {
      last ??= { frame };
      ring();
      over.happen();
    },
    fail(error) {
      failure ??= error;
      ring();
      over.happen();
    },
    onOver: over.tell,
    ending() {
      if (failure) throw failure;
      return last;
    },
    drain() {
      const frames = [...control, ...presenceFrames([...people.values()], full)];
      people.clear();
      control = [];
      full = false;
      return frames;
    },
  };
}

function presenceFrames(items: readonly PresenceUpdate_Item[], full: boolean): readonly Frame[] {
  const frames: Frame[] = [];
  for (let first = 0; first < items.length || (full && first === 0); first += presencePerFrame) {
    const value = { items: items.slice(first, first + presencePerFrame), full: full && first === 0 };
    frames.push({ frame: { case: "presence", value } });
  }
  return frames;
}
