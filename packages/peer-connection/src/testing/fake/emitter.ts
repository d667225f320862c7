/** Listeners by event type. */
export interface Emitter<Events extends object> {
  add<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): void;
  /** Calls the listeners in the order they were added. */
  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void;
}

/** A typed stand-in for `EventTarget`. */
export function createEmitter<Events extends object>(): Emitter<Events> {
  const listeners: { [Type in keyof Events]?: ((event: Events[Type]) => void)[] } = {};
  return {
    add(type, listener) {
      const list = listeners[type] ?? [];
      list.push(listener);
      listeners[type] = list;
    },
    emit(type, event) {
      for (const listener of listeners[type] ?? []) listener(event);
    },
  };
}
