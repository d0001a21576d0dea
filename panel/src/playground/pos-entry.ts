import type { Attempt, CommandResult, FieldError, Resolution } from '@bluetap/sdk';

/** How a call ended, in the shape that the page shows. */
export interface CallEnd {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  /** SUCCESS, or the code of the failure. */
  readonly code: string;
  /** The facts that the SDK tells, each by its name in the result. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The message of the error. */
  readonly message?: string | undefined;
  readonly fields: readonly FieldError[];
  readonly attempt?: Attempt | undefined;
}

/** A call of the client. */
export interface CallEntry {
  readonly kind: 'call';
  readonly key: number;
  /** The call as code. */
  readonly code: string;
  readonly verb: string;
  /** Milliseconds since 1970, with fractions. */
  readonly start: number;
  /** Undefined while the call waits. */
  readonly end?: CallEnd | undefined;
  /** The end of the doubt, if it came later. */
  readonly resolved?: Resolution | undefined;
}

/** An event of the client. */
export interface ClientEntry {
  readonly kind: 'event';
  readonly key: number;
  readonly start: number;
  readonly name: string;
  readonly text: string;
}

/** What happened at the POS, newest first. */
export type PosEntry = CallEntry | ClientEntry;

const SHOWN = ['outcome', 'linkLive', 'pending', 'state', 'remaining', 'taps'] as const;

/** The end of `pay` or `cancel`. */
export function endOfCommand(result: CommandResult, at: number): CallEnd {
  const facts = SHOWN.flatMap((name) => (result[name] === undefined ? [] : [{ name, value: String(result[name]) }]));
  const { code, error, attempt } = result;
  const reason = error?.reason === undefined ? [] : [{ name: 'reason', value: String(error.reason) }];
  return { at, code, facts: [...facts, ...reason], message: error?.message, fields: error?.fields ?? [], attempt };
}

/** The end of a call that answers with plain data. */
export function endOfAnswer(answer: object, at: number): CallEnd {
  const facts = Object.entries(answer).map(([name, value]) => ({ name, value: String(value) }));
  return { at, code: 'answer', facts, fields: [] };
}

/** The end of a call that failed. */
export function endOfFailure(error: unknown, at: number): CallEnd {
  const { code = 'error', message, fields = [] } = error as Error & { code?: string; fields?: readonly FieldError[] };
  return { at, code, facts: [], message, fields };
}

/** Adds the end of a doubt to the call that was in doubt. */
export function withResolution(entries: readonly PosEntry[], resolved: Resolution): readonly PosEntry[] {
  return entries.map((entry) =>
    entry.kind === 'call' && sameAttempt(entry.end?.attempt, resolved.attempt) ? { ...entry, resolved } : entry,
  );
}

function sameAttempt(one: Attempt | undefined, other: Attempt): boolean {
  return (
    one !== undefined &&
    one.session === other.session &&
    one.sequence === other.sequence &&
    one.bootId === other.bootId &&
    one.serialNumber === other.serialNumber
  );
}
