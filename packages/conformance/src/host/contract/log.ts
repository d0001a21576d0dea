/** Bytes on a connection, in the order of the wire. */
export interface BytesEntry {
  readonly kind: 'bytes';
  /** Milliseconds since the start of the situation. */
  readonly atMs: number;
  /** The bytes of the host cannot have come before this time. */
  readonly earliestMs: number;
  /** `host`: the host has sent them. `device`: the emulated device has. */
  readonly from: 'host' | 'device';
  /** 1, 2, 3 ... in the order in which the host opened its connections. */
  readonly connection: number;
  readonly bytes: Uint8Array;
}

/** A connection of the host that opened or closed. */
export interface ConnectionEntry {
  readonly kind: 'opened' | 'closed';
  readonly atMs: number;
  readonly connection: number;
}

/** The host was given a call. */
export interface CallEntry {
  readonly kind: 'call';
  readonly atMs: number;
  /** The time that the host has for the call, in milliseconds. */
  readonly timeoutMs: number;
}

/** Everything that happened between the host and the device, in its order. */
export type LogEntry = BytesEntry | ConnectionEntry | CallEntry;

/** A command of the host that the emulated device has executed. */
export interface Executed {
  readonly command: 'PAY' | 'CANCEL';
  readonly orderId: string | undefined;
}
