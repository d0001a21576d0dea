/**
 * Binds the methods and getters of an object to the object. They then work alone (`const { pay } = client`), and
 * through a Proxy, which does not have the private fields (Vue's `ref`, MobX). Call it in the constructor. If a
 * subclass overrides a method, the method of the subclass stays.
 */
export function bindMethods(self: object): void {
  const ofAllObjects = Object.getPrototypeOf({});
  for (let from = Object.getPrototypeOf(self); from && from !== ofAllObjects; from = Object.getPrototypeOf(from)) {
    for (const name of Reflect.ownKeys(from)) {
      if (name === 'constructor' || Object.hasOwn(self, name)) continue;
      const { value, get, set } = Object.getOwnPropertyDescriptor(from, name)!;
      const bound: PropertyDescriptor = { configurable: true };
      if (typeof value === 'function') {
        bound.value = value.bind(self);
        bound.writable = true;
      }
      if (get) bound.get = get.bind(self);
      if (set) bound.set = set.bind(self);
      Object.defineProperty(self, name, bound);
    }
  }
}
