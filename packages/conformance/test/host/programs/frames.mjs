// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// Sections 1 and 2 of docs/protocol.md, written from the page alone.
import { makes } from './mistake.mjs';

const LONGEST = 128;
const SILENCE_MS = 1000;

export function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** Writes a frame with both delimiters. */
export function writeFrame(type, session, sequence, payload) {
  const head = [1, type, session & 0xff, session >> 8, sequence, ...payload];
  const crc = crc32c(head);
  const frame = [...head, crc & 0xff, (crc >>> 8) & 0xff, (crc >>> 16) & 0xff, crc >>> 24];
  const encoded = [];
  let piece = [];
  for (const byte of [...frame, 0]) {
    if (byte !== 0) piece.push(byte);
    else {
      encoded.push(piece.length + 1, ...piece);
      piece = [];
    }
  }
  if (makes('no-delimiter-before')) return Buffer.from([...encoded, 0]);
  if (makes('no-delimiter-after')) return Buffer.from([0, ...encoded]);
  return Buffer.from([0, ...encoded, 0]);
}

/** Returns the frame in encoded bytes, or undefined if it is damaged. */
function readFrame(encoded) {
  const frame = [];
  for (let at = 0; at < encoded.length; ) {
    const end = at + encoded[at];
    if (end > encoded.length) return undefined;
    frame.push(...encoded.slice(at + 1, end));
    if (end < encoded.length) frame.push(0);
    at = end;
  }
  if (frame.length < 9) return undefined;
  const body = frame.slice(0, -4);
  const [a, b, c, d] = frame.slice(-4);
  const crc = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  if (crc32c(body) !== crc && !makes('no-crc')) return undefined;
  const [version, type, low, high, sequence, ...payload] = body;
  return { version, type, session: low | (high << 8), sequence, payload };
}

/** Finds the frames in a stream of bytes. */
export class Reader {
  #held = [];
  #lastByte = 0;
  #started = false;
  #skipNext = false;
  #padding = 0;

  /** @returns {ReturnType<typeof readFrame>[]} the frames that these bytes complete */
  take(bytes) {
    const now = performance.now();
    if (now - this.#lastByte >= SILENCE_MS && !makes('keeps-partial')) this.#held = [];
    this.#lastByte = now;
    const frames = [];
    for (const byte of bytes) {
      if (byte !== 0) {
        if (makes('needs-first-delimiter') && !this.#started) continue;
        if (this.#held.length <= LONGEST) this.#held.push(byte);
        continue;
      }
      this.#started = true;
      const encoded = this.#held;
      this.#held = [];
      if (encoded.length === 0) {
        this.#skipNext = makes('padding-hides-the-next') && ++this.#padding > 9;
        continue;
      }
      this.#padding = 0;
      const tooLong = encoded.length > LONGEST;
      const frame = tooLong || this.#skipNext ? undefined : readFrame(encoded);
      this.#skipNext = tooLong && makes('oversize-takes-the-next');
      if (frame) frames.push(frame);
    }
    return frames;
  }
}
