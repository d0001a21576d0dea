import { MAX_PENDING } from './in-endpoint.js';
import { UrbStatus } from './wire.js';

const NOTHING = new Uint8Array(0);

/** A transfer with bytes from the host. */
export interface OutUrb {
  readonly seqnum: number;
  readonly data: Uint8Array;
}

/** Reports how a transfer ended. The device received `length` bytes of it. */
export type OutDone = (urb: OutUrb, status: UrbStatus, length: number) => void;

/** The maximum length of a transfer from the host, and of all waiting transfers of an endpoint together, in bytes. */
export const MAX_TRANSFER = 1 << 20;

/**
 * The number of bytes that the device receives at a time. A megabyte can contain a hundred thousand small frames, each
 * with an answer.
 */
const PACKET = 64;

/**
 * An endpoint through which the host sends. A transfer waits while the device is busy. The device is busy while its
 * host does not fetch the answers. A transfer is complete when the device receives its first bytes, before the answer
 * to them. The device receives the rest when there is room for the answers.
 */
export class OutEndpoint {
  readonly #done: OutDone;
  readonly #busy: () => boolean;
  readonly #receive: (data: Uint8Array) => void;
  readonly #urbs: OutUrb[] = [];
  #held = 0;
  /** The bytes of the last completed transfer that the device has not received yet. */
  #rest: Uint8Array = NOTHING;
  #halted = false;
  #taking = false;
  /**
   * Called for each transfer that waits because the device answers NAK; undefined if the device does not answer NAK.
   */
  #refusing: (() => void) | undefined;

  constructor(done: OutDone, busy: () => boolean, receive: (data: Uint8Array) => void) {
    this.#done = done;
    this.#busy = busy;
    this.#receive = receive;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** Submits a transfer. Its bytes are copied if they must wait. */
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
   * Answers NAK to every transfer, so that it waits, until the returned function is called.
   * @param onWaiting Called for each transfer that begins to wait.
   */
  nak(onWaiting: () => void): () => void {
    this.#refusing = onWaiting;
    return () => {
      if (this.#refusing !== onWaiting) return;
      this.#refusing = undefined;
      this.resume();
    };
  }

  /** Cancels a pending transfer. */
  unlink(seqnum: number): boolean {
    const at = this.#urbs.findIndex((urb) => urb.seqnum === seqnum);
    if (at < 0) return false;
    const [urb] = this.#urbs.splice(at, 1);
    this.#held -= urb!.data.length;
    return true;
  }

  /** Receives the waiting transfers while the device is not busy. */
  resume(): void {
    // Receiving a transfer can make room and call this function again. Then the next transfer would start in the middle
    // of the first.
    if (this.#taking) return;
    this.#takeRest();
    while (this.#urbs.length > 0 && this.#rest.length === 0 && !this.#waits) {
      const urb = this.#urbs.shift()!;
      this.#held -= urb.data.length;
      this.#take(urb);
    }
  }

  /** Drops the waiting bytes. They come from a host that has left, and must not be executed for the next host. */
  discard(): void {
    this.#held = 0;
    this.#rest = NOTHING;
    for (const urb of this.#urbs.splice(0)) this.#done(urb, UrbStatus.OK, urb.data.length);
  }

  /** Stalls every transfer until `clearHalt`. */
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
    // The bytes belong to the host's buffer, so they are copied while they wait.
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
