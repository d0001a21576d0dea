/** The JSON object that a host prints as the result of a call, as it is. */
export type ToldFacts = Readonly<Record<string, unknown>>;

/** The facts that a result of a command must have. */
export const COMMAND_FACTS = ['code', 'outcome', 'linkLive'] as const;

/** The values that a fact may have. A fact that is not listed may have any value. */
export type AllowedFacts = Readonly<Record<string, unknown>>;

/** Reads the result of a call from a line. Returns undefined if the line is not the JSON object of a result. */
export function readFacts(line: string | undefined): ToldFacts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const facts = value as ToldFacts;
  return typeof facts['code'] === 'string' || typeof facts['outcome'] === 'string' ? facts : undefined;
}

/** True if the facts are one of the allowed results. A value that is a list allows each of its members. */
export function areAllowed(facts: ToldFacts, anyOf: readonly AllowedFacts[]): boolean {
  return anyOf.some((allowed) =>
    Object.entries(allowed).every(([name, value]) => {
      const given = facts[name];
      // Facts beyond the three of a command are judged only if the host tells them.
      if (given === undefined && !(COMMAND_FACTS as readonly string[]).includes(name)) return true;
      return Array.isArray(value) ? value.includes(given) : value === given;
    }),
  );
}

/** Facts as a person reads them: `code SUCCESS, outcome executed`. */
export function factsText(facts: AllowedFacts): string {
  const told = Object.entries(facts).filter(([, value]) => value !== undefined);
  return told.map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' or ') : value}`).join(', ');
}
