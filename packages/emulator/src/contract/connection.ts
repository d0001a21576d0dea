/**
 * The host's end of a connection, as the emulator sees it. The code that opens a connection implements this. An error
 * that a function throws or reject with goes to the option `onError` of the emulator.
 */
export interface Peer {
  /** A label for people: "tcp 127.0.0.1:50312". */
  readonly name: string;
  /** Takes bytes to the host, in order, without waiting and without calling back. They belong to the peer. */
  send(bytes: Uint8Array): void;
  /**
   * True while earlier bytes wait for the host to read them. Then a LINK is dropped. The connection should also stop
   * reading.
   */
  readonly congested?: boolean | undefined;
  /** The device is gone (unplugged, closed): free everything. Called at most once, and not after `end`. */
  close(): void;
}

/** What a peer tells the emulator. */
export interface Connection {
  /** Bytes from the host, cut in any way. Never throws for what they are; after the end they are ignored. */
  receive(bytes: Uint8Array): void;
  /** The host has gone: its session ends. Idempotent. */
  end(): void;
}
