import { MAX_ENCODED_LENGTH, PARTIAL_FRAME_TIMEOUT_MS } from '../schema/limits.js';
import { cobsDecode } from './cobs.js';
import { copyToZero } from './copy-to-zero.js';
import { type Frame, type FrameErrorCode, readFrame } from './frame.js';

/** What a decoder tells its owner. */
export interface FrameHandlers {
  /** A frame with a right CRC. It owns its bytes. */
  onFrame(frame: Frame): void;
  /** A frame was dropped, and the reason. The receiver sends no answer. */
  onDrop?(code: FrameErrorCode): void;
}

/**
 * Finds frames in a stream of bytes, however it is cut into chunks. docs/protocol.md section 1.
 *
 * It never throws (what a handler throws passes through, and the decoder stays usable), holds one frame at most, and
 * reports every frame that it drops. Runs of 0x00 are padding.
 */
export class FrameDecoder {
  readonly #handlers: FrameHandlers;
  /** The encoded bytes of the present frame. One more than a frame may have shows that it is too long. */
  readonly #encoded = new Uint8Array(MAX_ENCODED_LENGTH + 1);
  /** How many of them have come; of a frame that is too long, how many were kept. */
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
    if (this.#held > 0 && now - this.#lastByte >= PARTIAL_FRAME_TIMEOUT_MS) this.reset();
    if (chunk.length > 0) this.#lastByte = now;
    for (let at = 0; at < chunk.length; ) {
      if (chunk[at] !== 0) at = this.#take(chunk, at);
      else {
        at++;
        // With nothing before it, a delimiter is padding.
        if (this.#held > 0) this.#complete();
      }
    }
  }

  /** Forgets a partial frame: the channel closed, or the line was silent for too long. */
  reset(): void {
    const held = this.#empty();
    if (held > 0) this.#handlers.onDrop?.(held > MAX_ENCODED_LENGTH ? 'oversize' : 'incomplete');
  }

  /** Takes encoded bytes from `at` on, up to the next delimiter or the end of the chunk. Returns where that is. */
  #take(chunk: Uint8Array, at: number): number {
    const room = this.#encoded.length - this.#held;
    const taken = copyToZero(chunk, at, Math.min(chunk.length, at + room), this.#encoded, this.#held);
    this.#held += taken;
    let next = at + taken;
    // No room is left, so the frame is too long, and what is left of it is not kept.
    if (taken === room) while (next < chunk.length && chunk[next] !== 0) next++;
    return next;
  }

  /** A delimiter has come. */
  #complete(): void {
    const found = readEncoded(this.#encoded, this.#empty());
    if (typeof found === 'string') this.#handlers.onDrop?.(found);
    else this.#handlers.onFrame(found);
  }

  /** Makes room for the next frame, before a handler can push again. Returns how many bytes there were. */
  #empty(): number {
    const held = this.#held;
    this.#held = 0;
    return held;
  }
}

/** Reads the frame whose encoded bytes are `bytes[0..end)`, and decodes them where they stand. */
function readEncoded(bytes: Uint8Array, end: number): Frame | FrameErrorCode {
  if (end > MAX_ENCODED_LENGTH) return 'oversize';
  return cobsDecode(bytes, end) ? readFrame(bytes, 1, end) : 'cobs';
}
