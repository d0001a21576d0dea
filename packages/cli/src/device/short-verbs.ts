/** Verbs of `bluetap device` that stand for a command with its parameters. A hook of `bluetap conformance` gets them. */
export const SHORT_VERBS: Readonly<Record<string, readonly [verb: string, ...parameters: string[]]>> = {
  fault: ['nfc-fault', 'fault=now'],
  repair: ['nfc-fault', 'fault=none'],
};

/** Returns the verb and the parameters that were typed, with a short verb replaced by what it stands for. */
export function inFull([verb = '', ...parameters]: readonly string[]): readonly [
  verb: string,
  ...parameters: string[],
] {
  const full = Object.hasOwn(SHORT_VERBS, verb) ? SHORT_VERBS[verb] : undefined;
  return [...(full ?? ([verb] as const)), ...parameters];
}
