/**
 * Makes the methods and getters of an object work without it: taken off it (`const { pay } = client`), and behind a Proxy,
 * which has none of its private fields (Vue's `ref`, MobX). Called in the constructor. A subclass that overrides one keeps
 * its own.
 */
export function bindMethods(self: object): void {
  const ofAllObjects = Object.getPrototypeOf({});
  for (let from = Object.getPrototypeOf(self); from && from !== ofAllObjects; from = Object.getPrototypeOf(from)) {
    for (const name of Reflect.ownKeys(from)) {
      if (name === 'constructor' || Object.hasOwn(self, name)) continue;
      const { value, get, set } = Object.getOwnPropertyDescriptor(from, name)!;
      const bound =
        typeof value === 'function'
          ? { value: value.bind(self), writable: true }
          : { ...(get && { get: get.bind(self) }), ...(set && { set: set.bind(self) }) };
      Object.defineProperty(self, name, { ...bound, configurable: true });
    }
  }
}
