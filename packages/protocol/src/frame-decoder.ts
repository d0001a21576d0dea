import { cobsDecode } from './cobs.js';
import { checkFrame, type Frame, type FrameErrorCode } from './frame.js';
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
  /** Where the present frame is received. Most fit; a longer one moves to a room for the longest and two bytes more. */
  #room = new Uint8Array(ROOM);
  /** Encoded bytes in it; more than MAX_ENCODED_LENGTH once the frame is oversize. */
  #held = 0;
  #lastByte = 0;

  /** The handlers are called within `push` and `reset`, never later. */
  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /**
   * Takes the next bytes of the stream; calls the handlers before it returns. When one throws, the rest of the chunk
   * is lost.
   * @param now Milliseconds of a monotonic clock. With it, a partial frame is forgotten after 1 s of silence; without
   * it, only `reset` forgets one. Give it always or never.
   */
  push(chunk: Uint8Array, now = 0): void {
    const { length } = chunk;
    if (this.#held && now - this.#lastByte >= PARTIAL_FRAME_TIMEOUT_MS) this.reset();
    if (length) this.#lastByte = now;
    for (let at = 0; at < length; ) {
      const room = this.#room;
      let held = this.#held;
      // Padding: most of a report that holds a short frame.
      if (!held) while (chunk[at] === 0) at++;
      const end = Math.min(length, at + room.length - held);
      // Four at a time as far as it goes: a third of the time of a byte by itself, and most of what a decoder does.
      for (; at + 4 <= end; at += 4) {
        const first = chunk[at]!;
        const second = chunk[at + 1]!;
        const third = chunk[at + 2]!;
        const fourth = chunk[at + 3]!;
        if (!(first && second && third && fourth)) break;
        room[held++] = first;
        room[held++] = second;
        room[held++] = third;
        room[held++] = fourth;
      }
      while (at < end && chunk[at]) room[held++] = chunk[at++]!;
      this.#held = held;
      if (chunk[at] === 0) {
        at++;
        this.#held = 0;
        this.#complete(room, held);
      } else if (held > MAX_ENCODED_LENGTH + 1) {
        // Oversize, and only skipped: the last place takes every further byte.
        this.#held--;
      } else if (held === room.length) {
        this.#room = new Uint8Array(MAX_ENCODED_LENGTH + 2);
        this.#room.set(room);
      }
    }
  }

  /** Forgets a partial frame: the channel closed, or the line was silent for too long. */
  reset(): void {
    const held = this.#held;
    this.#held = 0;
    if (held) this.#handlers.onDrop?.(held > MAX_ENCODED_LENGTH ? 'oversize' : 'incomplete');
  }

  #complete(room: Uint8Array, held: number): void {
    const problem = held > MAX_ENCODED_LENGTH ? 'oversize' : cobsDecode(room, held) ? checkFrame(room, held) : 'cobs';
    if (problem) this.#handlers.onDrop?.(problem);
    else {
      // The frame keeps this one.
      this.#room = new Uint8Array(ROOM);
      this.#handlers.onFrame({
        received: room,
        end: held,
        version: room[1]!,
        type: room[2]!,
        session: room[3]! | (room[4]! << 8),
        sequence: room[5]!,
      });
    }
  }
}
