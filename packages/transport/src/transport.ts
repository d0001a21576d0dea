import type { TransportError } from './transport-error.js';

/**
 * The seam between the SDK and whatever carries its bytes. A transport moves bytes; it knows nothing of frames.
 * docs/explanation/architecture.md tells why it has this shape; `conformanceCases` says the same in tests.
 */
export interface Transport {
  /** A label for people: "hid", "tcp://127.0.0.1:4000". Nobody branches on it. */
  readonly name: string;

  /**
   * How long a channel of this transport may be silent, in milliseconds, before it is worth asking whether its device is still
   * there: a network connection can die without a word. Absent where the system tells when a device goes.
   */
  readonly keepAliveMs?: number | undefined;

  /**
   * What could be opened now. An empty list is an answer, not an error.
   * @throws TransportError (`missing-library`, `permission-denied`, `io`), or the signal's reason when it is aborted.
   */
  list(options?: AbortOptions): Promise<readonly DeviceInfo[]>;

  /**
   * Opens a device that `list` gave. Handlers are given here, so that the first bytes cannot be lost.
   * @throws TransportError (`not-found`, `permission-denied`, `busy`, `missing-library`, `disconnected`, `timeout`,
   * `io`), or the signal's reason when it is aborted before the channel is there; the signal belongs to the call, and a
   * later abort leaves the channel alone. After a rejection nothing is left open and no handler is called.
   */
  open(device: DeviceInfo, handlers: ChannelHandlers, options?: AbortOptions): Promise<Channel>;

  /**
   * Calls `onChange` when it may be worth listing again. It is never the truth: a call can come twice, late or not at
   * all. Returns the function that stops it. Never throws; a transport that cannot watch does not have this method.
   */
  readonly watch?: ((onChange: () => void) => () => void) | undefined;
}

/** One attachment of one device, with what a person needs to choose. */
export interface DeviceInfo {
  /** Names this attachment within its transport. Two identical devices have two; it can change at a replug. */
  readonly id: string;
  /** The device's own serial number: the stable key. Absent where it is not known before a session. */
  readonly serialNumber?: string | undefined;
  /** The product's name for people. */
  readonly product?: string | undefined;
  /** Where the system has it: a device node, an address. */
  readonly path?: string | undefined;
  /** Which function of the device: "HID", "vendor bulk", "CDC-ACM". */
  readonly interface?: string | undefined;
  /** True when the transport knows that no real device stands behind it. */
  readonly simulated?: true | undefined;
}

/**
 * Called by a channel. Both are called asynchronously, never within `open`, `write` or `close` themselves, and must not
 * throw or reject. When one does, a channel of `@bluetap/transport/kit` or of a socket keeps its rules: for `onData` it ends, and
 * tells that to `onClose` as `io`, since the bytes are lost; for `onClose` the error is dropped.
 */
export interface ChannelHandlers {
  /** Bytes from the device, in order, at least one. They belong to the receiver. Never called after `onClose`. */
  onData(bytes: Uint8Array): void;
  /** The channel has ended; called exactly once: with an error when nobody here asked for it, without one after `close`. */
  onClose(error?: TransportError): void;
}

/** An open channel. Single use: reconnecting is opening another. */
export interface Channel {
  /**
   * Hands bytes to the device, in the order of the calls. Resolves when the system has taken them, which says nothing of
   * the device having read them. A transport may add 0x00 after the bytes of one write (HID fills its reports), so a
   * write holds whole frames.
   * @throws TransportError (`disconnected`, `timeout`, `io`), or the signal's reason. When the signal was aborted before
   * the call nothing is sent; after any other rejection some of the bytes may have left, or may still leave. An aborted
   * write leaves the channel open.
   */
  write(bytes: Uint8Array, options?: AbortOptions): Promise<void>;
  /** Ends the channel and frees all that it holds. Idempotent, never rejects, and resolves after `onClose` was called. */
  close(): Promise<void>;
}

/** What every call of a transport takes. */
export interface AbortOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
