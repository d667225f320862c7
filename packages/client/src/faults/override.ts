/**
 * `target` with some members replaced; everything else is the target's own, also what later versions of it add. Platform
 * objects check who calls their methods, so those run on the target.
 */
export function override<T extends object>(target: T, members: Partial<T>): T {
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (!bound.has(name)) bound.set(name, value.bind(target));
      return bound.get(name);
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
  });
}
