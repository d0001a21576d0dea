/** A way in for hosts of other processes. It closes with the emulator too. */
export interface Listener extends AsyncDisposable {
  /** What a host is given: "tcp://127.0.0.1:4000", "unix:/run/bluetap.sock" or "/dev/pts/3". */
  readonly address: string;
  /** Closes it and the connections through it; resolves when nothing is left. Idempotent, never rejects. */
  close(): Promise<void>;
}
