import { MAX_ENCODED_LENGTH, PARTIAL_FRAME_TIMEOUT_MS } from '../schema/limits.js';
import { cobsDecode } from './cobs.js';
import { copyToZero } from './copy-to-zero.js';
import { type Frame, type FrameErrorCode, readFrame } from './frame.js';

/** The functions that a decoder calls. */
export interface FrameHandlers {
  /** Receives a frame with a correct CRC. The decoder does not use the bytes of the frame again. */
  onFrame(frame: Frame): void;
  /** Receives the reason why a frame was dropped. The receiver sends no answer to such a frame. */
  onDrop?(code: FrameErrorCode): void;
}

/**
 * Finds frames in a stream of bytes. The stream can arrive in chunks of any size. docs/protocol.md section 1.
 *
 * The decoder itself never throws. If a handler throws, the exception passes through `push` or `reset`, and the decoder
 * can still be used. The decoder stores at most one frame and reports every frame that it drops. It ignores runs of
 * 0x00 as padding.
 */
export class FrameDecoder {
  readonly #handlers: FrameHandlers;
  /**
   * The encoded bytes of the current frame. The buffer has one byte more than a frame may have, to detect a frame that
   * is too long.
   */
  readonly #encoded = new Uint8Array(MAX_ENCODED_LENGTH + 1);
  /** The number of bytes in `#encoded`. If a frame is too long, the rest of it is not stored. */
  #held = 0;
  #lastByte = 0;

  /** The decoder calls the handlers only within `push` and `reset`, never later. */
  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /**
   * Decodes the next bytes of the stream and calls the handlers before it returns. If a handler throws, the rest of the
   * chunk is lost.
   * @param now Milliseconds of a monotonic clock. With `now`, the decoder drops a partial frame after 1 s of silence.
   * Without it, only `reset` drops a partial frame. Pass `now` in every call or in no call.
   */
  push(chunk: Uint8Array, now = 0): void {
    if (this.#held > 0 && now - this.#lastByte >= PARTIAL_FRAME_TIMEOUT_MS) this.reset();
    if (chunk.length > 0) this.#lastByte = now;
    for (let at = 0; at < chunk.length; ) {
      if (chunk[at] !== 0) at = this.#take(chunk, at);
      else {
        at++;
        // A delimiter is padding if no byte comes before it.
        if (this.#held > 0) this.#complete();
      }
    }
  }

  /** Drops a partial frame. Call this if the channel closed or the line was silent for too long. */
  reset(): void {
    const held = this.#empty();
    if (held > 0) this.#handlers.onDrop?.(held > MAX_ENCODED_LENGTH ? 'oversize' : 'incomplete');
  }

  /** Stores encoded bytes from `at` up to the next delimiter or the end of the chunk. Returns that position. */
  #take(chunk: Uint8Array, at: number): number {
    const room = this.#encoded.length - this.#held;
    const taken = copyToZero(chunk, at, Math.min(chunk.length, at + room), this.#encoded, this.#held);
    this.#held += taken;
    let next = at + taken;
    // The buffer is full, so the frame is too long. The rest of the frame is skipped.
    if (taken === room) while (next < chunk.length && chunk[next] !== 0) next++;
    return next;
  }

  /** Decodes the frame that the delimiter ended. */
  #complete(): void {
    const found = readEncoded(this.#encoded, this.#empty());
    if (typeof found === 'string') this.#handlers.onDrop?.(found);
    else this.#handlers.onFrame(found);
  }

  /** Empties the buffer before a handler can push again. Returns the number of bytes that were in the buffer. */
  #empty(): number {
    const held = this.#held;
    this.#held = 0;
    return held;
  }
}

/** Decodes `bytes[0..end)` in place and returns the frame, or the reason why it is dropped. */
function readEncoded(bytes: Uint8Array, end: number): Frame | FrameErrorCode {
  if (end > MAX_ENCODED_LENGTH) return 'oversize';
  return cobsDecode(bytes, end) ? readFrame(bytes, 1, end) : 'cobs';
}
