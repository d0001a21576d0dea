import { inShort } from './in-short.js';
import { printable } from './printable.js';

/** What went wrong, in words that stay the same from version to version. */
export type TransportErrorCode =
  /** No such device, path or address, or nobody listens there. */
  | 'not-found'
  /** The system does not let this user open it. */
  | 'permission-denied'
  /** Someone else holds it. */
  | 'busy'
  /** It was there and is gone. */
  | 'disconnected'
  /** The system did not answer in time. */
  | 'timeout'
  /** A library of the system is not installed. */
  | 'missing-library'
  /** Anything else between here and the device. */
  | 'io';

/**
 * Every failure of a transport. The message says what happened, to which device, and what to do; it is one line, and what it
 * quotes of a device or a library steers no terminal. The library's own error is its `cause`.
 */
export class TransportError extends Error {
  /** Always `TransportError`. It names this error also where two copies of the package make `instanceof` fail. */
  override readonly name = 'TransportError';
  /** What went wrong, for a program to act on. */
  readonly code: TransportErrorCode;

  /**
   * Escapes control characters in `message`, which may quote a device. `options.cause`: the error of the library
   * beneath.
   */
  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(printable(message), options?.cause === undefined ? undefined : options);
    this.code = code;
  }

  /** What `JSON.stringify` writes: name, code and message, and of the cause the same. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, message, cause } = this;
    return { name, code, message, cause: inShort(cause) };
  }
}
