import type { CommandId, HelloAccepted } from '@bluetap/protocol';
import type { Connection } from './connection.js';
import type { DeviceIdentity } from './result.js';

/** The largest sequence number; after it the host opens a new session. docs/protocol.md section 4. */
const LAST_SEQUENCE = 255;

/** One session: what HELLO's answer opened on a connection. */
export class Session {
  readonly connection: Connection;
  readonly hello: HelloAccepted;
  /** The last command that this host knows the device to have executed; null when there was none. */
  lastCommand: CommandId | null;
  #sequence = 0;
  #linkSequence = 0;

  constructor(connection: Connection, hello: HelloAccepted) {
    this.connection = connection;
    this.hello = hello;
    this.lastCommand = hello.lastCommand ?? null;
  }

  get spent(): boolean {
    return this.#sequence === LAST_SEQUENCE;
  }

  /** The sequence number of the next request. */
  next(): number {
    return ++this.#sequence;
  }

  /** Takes the sequence of a LINK message: is it new, a repeat, or did others before it get lost? */
  takeLinkSequence(sequence: number): 'new' | 'repeat' | 'gap' {
    if (sequence === this.#linkSequence) return 'repeat';
    const expected = (this.#linkSequence % LAST_SEQUENCE) + 1;
    this.#linkSequence = sequence;
    return sequence === expected ? 'new' : 'gap';
  }
}

/** Who answers in a session. */
export function identityOf({ hello, connection }: Session): DeviceIdentity {
  const { model, firmware, serialNumber, bootId, simulated = false } = hello;
  return { model, firmware, serialNumber, bootId, simulated, id: connection.device.id };
}
