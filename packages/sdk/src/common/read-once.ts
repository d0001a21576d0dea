/**
 * Returns a copy of options. Each option was read exactly once, also from a prototype. So the value that is checked is
 * the value that is used, even if a getter returns another value the next time. A value that is not an object with
 * named options is returned unchanged, and the check refuses it.
 * @param rules Contains the name of every option.
 * @throws The error that a getter throws.
 */
export function readOnce(given: unknown, rules: object): unknown {
  if (typeof given !== 'object' || given === null || Symbol.iterator in given) return given;
  const names = new Set([...Object.keys(rules), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, (given as Record<string, unknown>)[name]]));
}
