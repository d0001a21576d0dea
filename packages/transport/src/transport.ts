import type { TransportError } from './transport-error.js';

/**
 * The contract between the SDK and a package that carries its bytes. A transport moves bytes. It does not know frames.
 * docs/explanation/architecture.md explains why the contract has this shape. `conformanceCases` tests the contract.
 */
export interface Transport {
  /** A label for people: "hid", "tcp://127.0.0.1:4000". No program makes decisions with it. */
  readonly name: string;

  /**
   * How long a channel of this transport may be silent, in milliseconds, before the SDK asks whether the device is
   * still there. A network connection can break without a sign. Absent if the system reports that a device was
   * disconnected.
   */
  readonly keepAliveMs?: number | undefined;

  /**
   * Lists the devices that can be opened now. An empty list is a valid answer, not an error.
   * @throws TransportError (`missing-library`, `permission-denied`, `io`), or the reason of the signal if the signal is
   * aborted.
   */
  list(options?: AbortOptions): Promise<readonly DeviceInfo[]>;

  /**
   * Opens a device that `list` returned. The caller passes the handlers here, so that the first bytes cannot be lost.
   * @throws TransportError (`not-found`, `permission-denied`, `busy`, `missing-library`, `disconnected`, `timeout`,
   * `io`), or the reason of the signal if the signal is aborted before the channel is open. The signal belongs to this
   * call only: a later abort does not change the channel. After a rejection, the device is not open and no handler is
   * called.
   */
  open(device: DeviceInfo, handlers: ChannelHandlers, options?: AbortOptions): Promise<Channel>;

  /**
   * Calls `onChange` when devices may have changed, so that the caller lists them again. A call proves nothing: it can
   * come twice, late or not at all. Never throws. A transport that cannot watch does not have this method.
   * @returns The function that stops the watch.
   */
  readonly watch?: ((onChange: () => void) => () => void) | undefined;
}

/** One attachment of one device, with the facts that a person needs to choose a device. */
export interface DeviceInfo {
  /**
   * Identifies this attachment within its transport. Two identical devices have two ids. An id can change at a replug.
   */
  readonly id: string;
  /** The serial number of the device. It never changes. Absent if it is not known before a session. */
  readonly serialNumber?: string | undefined;
  /** The name of the product, for people. */
  readonly product?: string | undefined;
  /** The place of the device in the system: a device node, an address. */
  readonly path?: string | undefined;
  /** The function of the device: "HID", "vendor bulk", "CDC-ACM". */
  readonly interface?: string | undefined;
  /** True if the transport knows that this is not a real device. */
  readonly simulated?: true | undefined;
}

/**
 * The functions that a channel calls. The channel calls both asynchronously, never inside a call of `open`, `write` or
 * `close`. A handler must not throw or reject. If a handler does, a channel of `@bluetap/transport/kit` or of a socket
 * keeps its rules. If `onData` fails, bytes are lost, so the channel ends and `onClose` gets an `io` error. If
 * `onClose` fails, the error is ignored.
 */
export interface ChannelHandlers {
  /**
   * Gets at least one byte from the device, in order. The array belongs to the handler. Never called after `onClose`.
   */
  onData(bytes: Uint8Array): void;
  /** The channel has ended. Called exactly once: without an error after `close`, with an error in every other case. */
  onClose(error?: TransportError): void;
}

/** An open channel. It is used once: to connect again, open another channel. */
export interface Channel {
  /**
   * Sends bytes to the device, in the order of the calls. Resolves when the system has taken the bytes. This does not
   * mean that the device has read them. A transport may add 0x00 after the bytes of one write (HID fills its reports),
   * so a write must contain whole frames.
   * @throws TransportError (`disconnected`, `timeout`, `io`), or the reason of the signal. If the signal was aborted
   * before the call, nothing is sent. After any other rejection, some of the bytes may have been sent, or may still be
   * sent. The channel stays open after an aborted write.
   */
  write(bytes: Uint8Array, options?: AbortOptions): Promise<void>;
  /** Ends the channel and frees its resources. Idempotent, never rejects, and resolves after `onClose` was called. */
  close(): Promise<void>;
}

/** The options of every call of a transport. */
export interface AbortOptions {
  /** Aborts the call. The call then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}
