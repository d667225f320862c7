/**
 * Takes a closed connection of `@roamhq/wrtc` and its channels off everything that is reachable from them. Node 25 and later
 * never free the native objects: each is the resource of its own async context, which Node holds on to
 * (https://github.com/nodejs/node/pull/59828). What those objects refer to would stay with them: the connection that a
 * program sees, its listeners, and so the call. A package without these internals is left as it is.
 */
export function releaseConnection(connection: object, channels: readonly object[]): void {
  const native: unknown = Reflect.get(connection, "_pc");
  if (isObject(native)) {
    for (const name of Object.keys(native)) if (name.startsWith("on")) Reflect.set(native, name, undefined);
  }
  for (const channel of channels) {
    // By W3C, channels say nothing when their own connection is closed. Here they do, and make an empty list of listeners for it.
    Reflect.set(channel, "dispatchEvent", ignore);
    forgetListeners(channel);
  }
}

/** Nobody listens to this object of `@roamhq/wrtc` any more. An empty list of listeners would stay with it too. */
export function forgetListeners(target: object): void {
  if ("_listeners" in target) target._listeners = undefined;
}

function ignore(): void {
  // Nobody is told.
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
