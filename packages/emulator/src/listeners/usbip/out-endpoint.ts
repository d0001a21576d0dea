import { MAX_PENDING } from './in-endpoint.js';
import { UrbStatus } from './wire.js';

const NOTHING = new Uint8Array(0);

/** A transfer with bytes from the host. */
export interface OutUrb {
  readonly seqnum: number;
  readonly data: Uint8Array;
}

/** How a transfer ended: `length` bytes of it were taken. */
export type OutDone = (urb: OutUrb, status: UrbStatus, length: number) => void;

/** Longest transfer from the host, in bytes, and all that an endpoint keeps of those that wait. */
export const MAX_TRANSFER = 1 << 20;

/** What is taken at a time: in a megabyte there are a hundred thousand small frames, each with an answer. */
const PACKET = 64;

/**
 * An endpoint through which the host sends. A transfer waits while the device is busy, which is while its host fetches
 * no answers. It is done as soon as its first bytes are taken, before their answer is; the rest of it is taken as there is
 * room for the answers.
 */
export class OutEndpoint {
  readonly #done: OutDone;
  readonly #busy: () => boolean;
  readonly #receive: (data: Uint8Array) => void;
  readonly #urbs: OutUrb[] = [];
  #held = 0;
  /** What is still to be taken of the transfer that was done last. */
  #rest: Uint8Array = NOTHING;
  #halted = false;
  #taking = false;
  /** Told of each transfer that waits because the device answers NAK; nothing while it does not. */
  #refusing: (() => void) | undefined;

  constructor(done: OutDone, busy: () => boolean, receive: (data: Uint8Array) => void) {
    this.#done = done;
    this.#busy = busy;
    this.#receive = receive;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** The bytes of the transfer are copied if they have to wait. */
  submit(urb: OutUrb): void {
    const { seqnum, data } = urb;
    if (this.#halted) this.#done(urb, UrbStatus.STALL, 0);
    else if (this.#urbs.length === 0 && this.#rest.length === 0 && !this.#waits) this.#take(urb);
    else if (this.#urbs.length >= MAX_PENDING || this.#held + data.length > MAX_TRANSFER) {
      this.#done(urb, UrbStatus.NO_ROOM, 0);
    } else {
      this.#urbs.push({ seqnum, data: data.slice() });
      this.#held += data.length;
      this.#refusing?.();
    }
  }

  /**
   * Answers NAK to all that comes, so that it waits, until the function that is returned is called.
   * @param onWaiting Told of each transfer that begins to wait.
   */
  nak(onWaiting: () => void): () => void {
    this.#refusing = onWaiting;
    return () => {
      if (this.#refusing !== onWaiting) return;
      this.#refusing = undefined;
      this.resume();
    };
  }

  /** Takes a pending transfer back. */
  unlink(seqnum: number): boolean {
    const at = this.#urbs.findIndex((urb) => urb.seqnum === seqnum);
    if (at < 0) return false;
    const [urb] = this.#urbs.splice(at, 1);
    this.#held -= urb!.data.length;
    return true;
  }

  /** Takes the waiting transfers while the device is not busy. */
  resume(): void {
    // Taking a transfer can make room, which would begin to take the next one in the middle of the first.
    if (this.#taking) return;
    this.#takeRest();
    while (this.#urbs.length > 0 && this.#rest.length === 0 && !this.#waits) {
      const urb = this.#urbs.shift()!;
      this.#held -= urb.data.length;
      this.#take(urb);
    }
  }

  /** Throws away what waits: it is of a host that has gone, and must not be carried out for the next one. */
  discard(): void {
    this.#held = 0;
    this.#rest = NOTHING;
    for (const urb of this.#urbs.splice(0)) this.#done(urb, UrbStatus.OK, urb.data.length);
  }

  /** Every transfer stalls until `clearHalt`. */
  halt(): void {
    this.#halted = true;
    this.#held = 0;
    for (const urb of this.#urbs.splice(0)) this.#done(urb, UrbStatus.STALL, 0);
  }

  clearHalt(): void {
    this.#halted = false;
  }

  get #waits(): boolean {
    return this.#refusing !== undefined || this.#busy();
  }

  #take(urb: OutUrb): void {
    this.#done(urb, UrbStatus.OK, urb.data.length);
    this.#rest = urb.data;
    this.#takeRest();
    // The bytes are the host's, and they have to wait.
    if (this.#rest.length > 0) this.#rest = this.#rest.slice();
  }

  #takeRest(): void {
    this.#taking = true;
    try {
      while (this.#rest.length > 0 && !this.#waits) {
        const packet = this.#rest.subarray(0, PACKET);
        this.#rest = this.#rest.subarray(PACKET);
        this.#receive(packet);
      }
    } finally {
      this.#taking = false;
    }
  }
}
