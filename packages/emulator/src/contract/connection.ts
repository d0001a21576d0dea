/**
 * The host's end of a connection, as the emulator sees it. The code that opens a connection implements this interface.
 * If one of its functions throws or rejects, the emulator passes the error to its option `onError`.
 */
export interface Peer {
  /** A label for people, for example "tcp 127.0.0.1:50312". */
  readonly name: string;
  /**
   * Sends bytes to the host, in order. Must not wait and must not call the emulator. The emulator does not use the
   * bytes again.
   */
  send(bytes: Uint8Array): void;
  /**
   * True while earlier bytes wait because the host has not read them. Then the device drops a LINK. The connection
   * should also stop reading from the host.
   */
  readonly congested?: boolean | undefined;
  /** Called if the device was unplugged or closed. Free everything. Called at most once, and not after `end`. */
  close(): void;
}

/** The functions that a peer calls. */
export interface Connection {
  /**
   * False until a whole frame has come from the host. A listener ends such a connection if it needs room for another
   * host. Absent means true.
   */
  readonly hasSpoken?: boolean | undefined;
  /** Receives bytes from the host, in chunks of any size. No bytes make it throw. It ignores bytes after the end. */
  receive(bytes: Uint8Array): void;
  /** Ends the connection because the host closed it. The session of the connection ends too. Idempotent. */
  end(): void;
}
