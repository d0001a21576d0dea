/**
 * A copy of options in which each was read once, from a prototype too: what is checked is then what counts, whatever a getter
 * gives the next time. What is no object with named options comes back as it is; the check refuses it.
 * @param rules Has the name of every option that there is.
 * @throws What reading them throws.
 */
export function readOnce(given: unknown, rules: object): unknown {
  if (typeof given !== 'object' || given === null || Symbol.iterator in given) return given;
  const names = new Set([...Object.keys(rules), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, (given as Record<string, unknown>)[name]]));
}
