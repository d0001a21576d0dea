// Bytes become frames: docs/protocol.md section 1.
import type { Does } from './mistakes/index.js';

const LONGEST = 128;
const SILENCE_MS = 1000;

/** What a connection has received of a frame. */
export class Receiver {
  readonly #does: Does;
  readonly #take: (encoded: Uint8Array) => void;
  readonly #longest: number;
  #bytes: number[];
  #tooLong = false;
  #over = 0;
  #loseNext = false;
  #inFrame = false;
  #begun = false;
  #padding = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** `before`: what the connection before this one has left, if the device does not forget it. */
  constructor(does: Does, take: (encoded: Uint8Array) => void, before: readonly number[] = []) {
    this.#does = does;
    this.#take = take;
    this.#bytes = [...before];
    this.#longest =
      LONGEST + (does('a frame of 129 bytes is read') ? 1 : does('a frame of 128 bytes is lost') ? -1 : 0);
  }

  /** The bytes of the frame that has not ended. */
  get rest(): readonly number[] {
    return this.#bytes;
  }

  push(bytes: Uint8Array, now: number): void {
    this.#forget(now);
    let whole = 0;
    for (const byte of bytes) {
      if (byte !== 0) this.#keep(byte);
      else if (this.#end()) whole += 1;
      if (whole > 0 && this.#does('only the first frame of a write is read')) break;
    }
    if (this.#does('a frame that comes in two pieces is lost')) this.#bytes = [];
  }

  #forget(now: number): void {
    const silence = this.#does('a silence of 200 ms ends a frame') ? 200 : SILENCE_MS;
    const over = now - this.#lastAt >= silence;
    this.#lastAt = now;
    if (!over) return;
    this.#inFrame = false;
    if (!this.#does('half a frame survives a silence')) {
      // The first bytes of a connection also come after a silence, and what was left must still be there.
      if (!this.#does('half a frame survives the end of its connection') || this.#begun) this.#bytes = [];
    }
    if (!this.#does('a silence does not end a frame that is too long')) this.#tooLong = false;
  }

  #keep(byte: number): void {
    if (!this.#begun && this.#does('the first frame needs its leading delimiter')) return;
    if (!this.#inFrame && this.#does('delimiters are counted in pairs')) return;
    if (this.#bytes.length < this.#longest) this.#bytes.push(byte);
    else if (this.#does('the rest of a frame that is too long is read')) this.#bytes = [byte];
    else this.#tooLong = true;
    if (this.#tooLong) this.#over += 1;
    if (this.#over !== LONGEST || !this.#does('the length of a frame wraps at 256')) return;
    this.#bytes = [];
    this.#tooLong = false;
    this.#over = 0;
  }

  /** A delimiter came. Returns true if a frame ended, and not padding. */
  #end(): boolean {
    this.#begun = true;
    this.#inFrame = !this.#inFrame;
    const bytes = Uint8Array.from(this.#bytes);
    const cut = this.#does('the beginning of a frame that is too long is read');
    const dropped = (this.#tooLong && !cut) || this.#loseNext;
    if (bytes.length > 0) {
      this.#loseNext = this.#tooLong && this.#does('after a frame that is too long the next one is lost');
    }
    this.#bytes = [];
    this.#tooLong = false;
    this.#over = 0;
    this.#padding = bytes.length === 0 ? this.#padding + 1 : 0;
    if (bytes.length === 0 && !(this.#padding === 2 && this.#does('long padding is answered'))) return false;
    if (!dropped) this.#take(bytes);
    return true;
  }
}
