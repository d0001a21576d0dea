/** The name under which a bound object has a function that returns the object itself. */
const SELF = Symbol('self');

/** An object with bound methods, or a Proxy of it. */
interface Bound {
  readonly [SELF]: () => object;
}

type Accessor = (this: Bound, ...values: unknown[]) => unknown;

/** The bound getters and setters. All objects of a class share them. */
const accessors = new WeakMap<(...values: unknown[]) => unknown, Accessor>();

/**
 * Binds the methods and getters of an object to the object. They then work alone (`const { pay } = client`), and
 * through a Proxy, which does not have the private fields (Vue's `ref`, MobX). Call it in the constructor. If a
 * subclass overrides a method, the method of the subclass stays.
 */
export function bindMethods(self: object): void {
  Object.defineProperty(self, SELF, { configurable: true, value: () => self });
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
      if (get) bound.get = boundAccessor(get);
      if (set) bound.set = boundAccessor(set);
      Object.defineProperty(self, name, bound);
    }
  }
}

/**
 * The same function for all objects of a class. With a getter of its own, each object would need its own hidden class,
 * and V8 would then find even the private fields of the object in a hash table.
 */
function boundAccessor(accessor: (...values: unknown[]) => unknown): Accessor {
  const known = accessors.get(accessor);
  if (known) return known;
  const bound: Accessor = function (...values) {
    return accessor.apply(this[SELF](), values);
  };
  accessors.set(accessor, bound);
  return bound;
}
