import { TransportError, type TransportErrorCode } from '../transport-error.js';

/** @throws Error with `message` when the condition does not hold. */
export function checkThat(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** @throws Error when `error` is not a TransportError with one of `codes`. */
export function checkTransportError(what: string, error: unknown, ...codes: readonly TransportErrorCode[]): void {
  checkThat(
    error instanceof TransportError && codes.includes(error.code),
    `${what}: expected a TransportError ${codes.join(' or ')}, got ${inWords(error)}`,
  );
}

/** Any thrown value, short enough for a message. */
export function inWords(error: unknown): string {
  if (error instanceof TransportError) return `TransportError ${error.code} (${error.message})`;
  return String(error);
}
