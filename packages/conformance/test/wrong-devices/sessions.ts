// Sessions, sequences and the last command: docs/protocol.md section 4.
import type { Connection } from './connection.js';
import type { Does } from './mistakes/index.js';
import type { Outcome } from './replies.js';
import type { Frame } from './wire.js';

/** One session, and what the device remembers of it. */
export interface Session {
  readonly number: number;
  connection: Connection;
  latest: number;
  crc: number;
  outcome: Outcome | undefined;
  /** When the latest request came, in milliseconds. */
  at: number;
  /** How often the latest request was repeated. */
  repeats: number;
  /** The number of the latest LINK. */
  link: number;
}

/** The sessions of a device: at most one, if the device does it right. */
export class Sessions {
  readonly #does: Does;
  readonly #random: () => number;
  readonly #lowest: number;
  #sessions: Session[] = [];
  #number: number;

  /** `random` gives u32 values for the first number after a start, and `lowest` is the lowest such number. */
  constructor(does: Does, random: () => number, lowest: number) {
    this.#does = does;
    this.#random = random;
    this.#lowest = lowest;
    this.#number = this.#first();
  }

  /** The newest session that is open. */
  get current(): Session | undefined {
    return this.#sessions[0];
  }

  /** Opens a session for `connection`. */
  open(connection: Connection): Session {
    const session = this.#add(this.#number, connection);
    this.#number = this.#next();
    return session;
  }

  #add(number: number, connection: Connection): Session {
    const does = this.#does;
    const before = this.current;
    const stay = this.#sessions.filter(
      (one) =>
        does('HELLO does not end the session before') ||
        (does('a session for each connection') && one.connection !== connection),
    );
    const session: Session = {
      number,
      connection,
      latest: does('HELLO does not reset the sequence') ? (before?.latest ?? 0) : 0,
      crc: does('sequence 0 with the CRC FFFFFFFF is a repeat') ? 0xffff_ffff : 0,
      outcome: undefined,
      repeats: 0,
      at: 0,
      link: does('HELLO does not reset the LINK number')
        ? (before?.link ?? 0)
        : does('LINK numbers start at 0')
          ? -1
          : 0,
    };
    this.#sessions = [session, ...stay];
    return session;
  }

  /** The session that a request belongs to, or undefined if it gets reason 4. */
  of(request: Frame, connection: Connection): Session | undefined {
    const does = this.#does;
    const { current } = this;
    if (current && request.session === 0 && does('session 0 is accepted')) return current;
    if (current && does('another session is accepted')) return current;
    if (!current && does('a command before HELLO is accepted')) return this.#add(request.session, connection);
    const bits = does('only the low byte of the session is compared') ? 0xff : 0xffff;
    return this.#sessions.find(
      (one) =>
        (one.number & bits) === (request.session & bits) &&
        (one.connection === connection || does('a session is accepted through another connection')),
    );
  }

  /** Ends every session of `connection`, or all. */
  end(connection?: Connection): void {
    this.#sessions = this.#sessions.filter((one) => connection !== undefined && one.connection !== connection);
  }

  /** A start of the device. */
  restart(): void {
    this.end();
    this.#number = this.#first();
  }

  #first(): number {
    return this.#does('the first session is always 1') ? 1 : this.#lowest + (this.#random() % (65_536 - this.#lowest));
  }

  #next(): number {
    const does = this.#does;
    if (does('every session has the same number')) return this.#number;
    if (does('session numbers count down')) return this.#number > 1 ? this.#number - 1 : 65_535;
    if (this.#number === 255 && does('session 1 follows 255')) return 1;
    if (this.#number < 65_535) return this.#number + 1;
    return does('session 0 follows 65535') ? 0 : 1;
  }
}

/** How a device handles a sequence: docs/protocol.md section 4, "Sequences". */
export function sequenceOf(
  request: Frame,
  session: Session,
  does: Does,
  now: number,
): 'repeat' | 'new' | 'refused' | 'drop' {
  const { sequence, crc } = request;
  const { latest } = session;
  const firstCrc =
    does('sequence 0 with the CRC 0 is a repeat') || does('sequence 0 with the CRC FFFFFFFF is a repeat');
  if (sequence === 0 && does('sequence 0 is accepted')) return 'new';
  if (sequence === latest && (latest !== 0 || firstCrc)) {
    if (now - session.at > 1500 && does('a repeat is forgotten after 1500 ms')) return 'refused';
    if (crc === session.crc) return repeatOf(session, does);
    if (does('a repeat is recognised by its sequence alone') && session.outcome) return 'repeat';
    if (does('the same sequence with another CRC is executed')) return 'new';
  }
  if (does('only the next sequence is accepted')) return sequence === latest + 1 ? 'new' : 'refused';
  if (does('a sequence above 127 is negative')) return signed(sequence) > signed(latest) ? 'new' : 'refused';
  if (sequence === 255 && does('sequence 255 is refused')) return 'refused';
  if (does('sequences are compared as serial numbers'))
    return signed((sequence - latest) & 0xff) > 0 ? 'new' : 'refused';
  if (sequence > latest || (sequence === 1 && latest === 255 && does('sequence 1 follows 255'))) return 'new';
  if (sequence !== 0 && sequence < latest && does('a lower sequence is accepted')) return 'new';
  if (does('a sequence that is too low becomes the latest')) session.latest = sequence;
  return 'refused';
}

function repeatOf(session: Session, does: Does): 'repeat' | 'new' | 'refused' | 'drop' {
  session.repeats += 1;
  const { outcome } = session;
  if (does('a repeat gets reason 10')) return 'refused';
  if (does('a repeat is dropped')) return 'drop';
  if (does('a second repeat gets reason 10') && session.repeats > 1) return 'refused';
  if (outcome?.reason !== undefined && does('a refused repeat is judged again')) return 'new';
  if (outcome?.reason === 6 && does('a repeat after a fault is judged again')) return 'new';
  return 'repeat';
}

const signed = (byte: number): number => (byte < 128 ? byte : byte - 256);
