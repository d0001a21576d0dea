import { TransportError, type TransportErrorCode } from '../transport-error.js';

/** @throws Error with `message` if the condition is false. */
export function checkThat(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** @throws Error if `error` is not a TransportError with one of `codes`. */
export function checkTransportError(what: string, error: unknown, ...codes: readonly TransportErrorCode[]): void {
  checkThat(
    error instanceof TransportError && codes.includes(error.code),
    `${what}: expected a TransportError ${codes.join(' or ')}, got ${inWords(error)}`,
  );
}

/** A thrown value of any type, as text for a message. */
export function inWords(error: unknown): string {
  if (error instanceof TransportError) return `TransportError ${error.code} (${error.message})`;
  return String(error);
}
