import { URB_SHORT_NOT_OK, UrbStatus } from './wire.js';

/** A transfer in which the host waits for bytes. */
export interface InUrb {
  readonly seqnum: number;
  /** The length of the host's buffer in bytes. */
  readonly length: number;
  readonly flags: number;
}

/** Reports how a transfer ended. `data` contains `length` bytes. */
export type InDone = (urb: InUrb, status: UrbStatus, length: number, data: readonly Uint8Array[]) => void;

/** The maximum number of transfers that wait on one endpoint. cdc-acm uses 16; no host needs this many. */
export const MAX_PENDING = 64;

/**
 * The maximum number of packets that the host has not fetched. At this number the device receives nothing more from its
 * host.
 */
const MAX_PACKETS = 64;
/** At this number of packets a LINK is dropped. A host that reads fetches each packet immediately. */
const CONGESTED_PACKETS = 8;

/**
 * An endpoint through which the device sends packets. A transfer waits until it is full, or until a packet that is
 * shorter than the maximum comes, as on a cable. With an earlier answer the host would only ask again, as fast as it
 * can.
 */
export class InEndpoint {
  readonly #maxPacket: number;
  readonly #done: InDone;
  readonly #onRoom: () => void;
  readonly #urbs: InUrb[] = [];
  readonly #packets: Uint8Array[] = [];
  /** The data that the first transfer has received. */
  #parts: Uint8Array[] = [];
  #filled = 0;
  #halted = false;

  /** @param onRoom Called when `full` becomes false. */
  constructor(maxPacket: number, done: InDone, onRoom: () => void = () => {}) {
    this.#maxPacket = maxPacket;
    this.#done = done;
    this.#onRoom = onRoom;
  }

  get full(): boolean {
    return this.#unfetched >= MAX_PACKETS;
  }

  get congested(): boolean {
    return this.#unfetched >= CONGESTED_PACKETS;
  }

  /**
   * The number of packets that the host has not fetched. This includes packets in a transfer that is not complete,
   * because HID packets are never short and a host can ask for 2 GB.
   */
  get #unfetched(): number {
    return this.#packets.length + this.#parts.length;
  }

  get halted(): boolean {
    return this.#halted;
  }

  submit(urb: InUrb): void {
    if (this.#halted) this.#done(urb, UrbStatus.STALL, 0, []);
    else if (this.#urbs.length >= MAX_PENDING) this.#done(urb, UrbStatus.NO_ROOM, 0, []);
    else {
      this.#urbs.push(urb);
      this.#fill();
    }
  }

  /** Cancels a pending transfer. The data that it has received is lost, as on a cable. */
  unlink(seqnum: number): boolean {
    const at = this.#urbs.findIndex((urb) => urb.seqnum === seqnum);
    if (at < 0) return false;
    this.#urbs.splice(at, 1);
    if (at === 0) this.#drop();
    return true;
  }

  /** Sends packets. No packet may be longer than the maximum. The caller must not use them again. */
  send(packets: readonly Uint8Array[]): void {
    this.#packets.push(...packets);
    this.#fill();
  }

  /** Stalls every transfer until `clearHalt`. Packets wait. */
  halt(): void {
    this.#halted = true;
    this.#drop();
    for (const urb of this.#urbs.splice(0)) this.#done(urb, UrbStatus.STALL, 0, []);
  }

  clearHalt(): void {
    this.#halted = false;
  }

  /** Drops the packets that the host has not fetched. Pending transfers stay. */
  flush(): void {
    this.#packets.length = 0;
  }

  #fill(): void {
    const wasFull = this.full;
    while (this.#urbs.length > 0 && this.#packets.length > 0) {
      const { length, flags } = this.#urbs[0]!;
      const packet = this.#packets.shift()!;
      const taken = packet.subarray(0, length - this.#filled);
      if (taken.length > 0) this.#parts.push(taken);
      this.#filled += taken.length;
      if (taken.length < packet.length) this.#complete(UrbStatus.BABBLE);
      else if (this.#filled === length) this.#complete(UrbStatus.OK);
      else if (packet.length < this.#maxPacket) {
        this.#complete((flags & URB_SHORT_NOT_OK) === 0 ? UrbStatus.OK : UrbStatus.SHORT);
      }
    }
    if (wasFull && !this.full) this.#onRoom();
  }

  #complete(status: UrbStatus): void {
    const urb = this.#urbs.shift()!;
    const [parts, filled] = [this.#parts, this.#filled];
    this.#restart();
    this.#done(urb, status, filled, parts);
  }

  /** Drops the data that the first transfer has received. */
  #drop(): void {
    const wasFull = this.full;
    this.#restart();
    if (wasFull && !this.full) this.#onRoom();
  }

  #restart(): void {
    this.#parts = [];
    this.#filled = 0;
  }
}
