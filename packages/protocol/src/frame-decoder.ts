import { cobsDecode } from './cobs.js';
import { checkFrame, Frame, type FrameErrorCode } from './frame.js';
import { MAX_ENCODED_LENGTH, PARTIAL_FRAME_TIMEOUT_MS } from './wire.js';

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
  readonly #partial = new Uint8Array(MAX_ENCODED_LENGTH);
  /** Encoded bytes held; more than MAX_ENCODED_LENGTH once the frame is oversize and only skipped. */
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
    const partial = this.#partial;
    let held = this.#held;
    for (let at = 0; at < length; at++) {
      const byte = chunk[at]!;
      if (byte !== 0) {
        if (held < MAX_ENCODED_LENGTH) partial[held++] = byte;
        else held = MAX_ENCODED_LENGTH + 1;
      } else if (held > 0) {
        this.#held = 0;
        this.#complete(held);
        held = this.#held;
      }
    }
    this.#held = held;
  }

  /** Forgets a partial frame: the link closed, or the line was silent for too long. */
  reset(): void {
    const held = this.#held;
    this.#held = 0;
    if (held > 0) this.#handlers.onDrop?.(held > MAX_ENCODED_LENGTH ? 'oversize' : 'incomplete');
  }

  #complete(held: number): void {
    if (held > MAX_ENCODED_LENGTH) this.#handlers.onDrop?.('oversize');
    else {
      const bytes = cobsDecode(this.#partial, held);
      const problem = bytes ? checkFrame(bytes) : 'cobs';
      if (problem) this.#handlers.onDrop?.(problem);
      else this.#handlers.onFrame(new Frame(bytes!));
    }
  }
}
