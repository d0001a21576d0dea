import { cobsDecode } from './cobs.js';
import { checkFrame, Frame, type FrameErrorCode } from './frame.js';
import { MAX_ENCODED_LENGTH, PARTIAL_FRAME_TIMEOUT_MS } from './wire.js';

/** As much as a USB packet, and as much as V8 keeps on its own heap: a longer array costs ten times as much. */
const ROOM = 64;

/** What a decoder tells its owner. */
export interface FrameHandlers {
  /** A frame with a right CRC. It owns its bytes. */
  onFrame(frame: Frame): void;
  /** A frame was dropped, and why. Nobody is answered. */
  onDrop?(code: FrameErrorCode): void;
}

/**
 * Finds frames in a stream of bytes, however it is cut into chunks. docs/protocol.md section 1.
 *
 * It never throws (what a handler throws passes through, and the decoder stays usable), holds at most 128 encoded
 * bytes, and reports every frame that it drops. Runs of 0x00 are padding.
 */
export class FrameDecoder {
  readonly #handlers: FrameHandlers;
  /** Where the present frame is received. Most frames fit; a longer one moves to a room for the longest and one more. */
  #room = new Uint8Array(ROOM);
  /** Encoded bytes in it; more than MAX_ENCODED_LENGTH once the frame is oversize and only skipped. */
  #held = 0;
  #lastByte = 0;

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /** Encoded bytes of a frame whose delimiter has not come yet, at most 128. */
  get held(): number {
    return Math.min(this.#held, MAX_ENCODED_LENGTH);
  }

  /**
   * Takes the next bytes of the stream; calls the handlers before it returns. When one throws, the rest of the chunk
   * is lost.
   * @param now Milliseconds of a monotonic clock. With it, a partial frame is forgotten after 1 s of silence; without
   * it, only `reset` forgets one. Give it always or never.
   */
  push(chunk: Uint8Array, now?: number): void {
    const { length } = chunk;
    if (now !== undefined) {
      if (this.#held > 0 && now - this.#lastByte >= PARTIAL_FRAME_TIMEOUT_MS) this.reset();
      if (length > 0) this.#lastByte = now;
    }
    for (let at = 0; at < length; ) {
      const room = this.#room;
      let held = this.#held;
      const end = Math.min(length, at + room.length - held);
      // Four at a time as far as it goes: a third of the time of a byte by itself, and most of what a decoder does.
      for (; at + 4 <= end; at += 4, held += 4) {
        const first = chunk[at]!;
        const second = chunk[at + 1]!;
        const third = chunk[at + 2]!;
        const fourth = chunk[at + 3]!;
        if (first === 0 || second === 0 || third === 0 || fourth === 0) break;
        room[held] = first;
        room[held + 1] = second;
        room[held + 2] = third;
        room[held + 3] = fourth;
      }
      while (at < end && chunk[at] !== 0) room[held++] = chunk[at++]!;
      this.#held = held;
      if (at === length) return;
      if (chunk[at] === 0) {
        at++;
        this.#held = 0;
        if (held > 0) this.#complete(room, held);
      } else if (held > MAX_ENCODED_LENGTH) at++;
      else {
        this.#room = new Uint8Array(MAX_ENCODED_LENGTH + 1);
        this.#room.set(room);
      }
    }
  }

  /** Forgets a partial frame: the link closed, or the line was silent for too long. */
  reset(): void {
    const held = this.#held;
    this.#held = 0;
    if (held > 0) this.#handlers.onDrop?.(held > MAX_ENCODED_LENGTH ? 'oversize' : 'incomplete');
  }

  #complete(room: Uint8Array, held: number): void {
    const problem = held > MAX_ENCODED_LENGTH ? 'oversize' : cobsDecode(room, held) ? checkFrame(room, held) : 'cobs';
    if (problem) this.#handlers.onDrop?.(problem);
    else {
      // The frame keeps this one.
      this.#room = new Uint8Array(ROOM);
      this.#handlers.onFrame(new Frame(room, held));
    }
  }
}
