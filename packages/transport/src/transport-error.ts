import { inShort } from './in-short.js';
import { printable } from './printable.js';

/** The kind of failure of a transport. The codes stay the same from version to version. */
export type TransportErrorCode =
  /** There is no such device, path or address, or nothing listens there. */
  | 'not-found'
  /** The system does not let this user open the device. */
  | 'permission-denied'
  /** Another program uses the device. */
  | 'busy'
  /** The device was disconnected. */
  | 'disconnected'
  /** The system or the library did not answer in time. */
  | 'timeout'
  /** The native library of the transport did not load. */
  | 'missing-library'
  /** Any other failure between the program and the device. */
  | 'io';

/**
 * Every failure of a transport. The message says what happened, to which device, and what to do. The message is one
 * line, and text from a device or a library in it cannot control a terminal. The error of the library is the `cause`.
 */
export class TransportError extends Error {
  /** Always `TransportError`. It identifies this error even if two copies of the package make `instanceof` fail. */
  override readonly name = 'TransportError';
  /** The kind of failure, for decisions of a program. */
  readonly code: TransportErrorCode;

  /**
   * Escapes control characters in `message`, because the message can quote a device. `options.cause` is the error of
   * the library.
   */
  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(printable(message), options?.cause === undefined ? undefined : options);
    this.code = code;
  }

  /** The object that `JSON.stringify` writes: name, code and message, and the same of the cause. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, code, message, cause } = this;
    return { name, code, message, cause: inShort(cause) };
  }
}
