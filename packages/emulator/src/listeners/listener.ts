/** Accepts connections from hosts in other processes. It also closes when the emulator closes. */
export interface Listener extends AsyncDisposable {
  /** The address for a host: "tcp://127.0.0.1:4000", "unix:/run/bluetap.sock" or "/dev/pts/3". */
  readonly address: string;
  /** Closes the listener and its connections. Resolves after all of them are closed. Idempotent, never rejects. */
  close(): Promise<void>;
}
