import { type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import { type DecodedWire, decodeFrame, MAX_ENCODED_LENGTH } from '@bluetap/protocol/tools';

/** One frame of a stream, complete or not. */
export interface SeenFrame {
  /**
   * The bytes on the wire: 00, the encoded bytes, and 00 if it came. For an oversize frame, the first 129 encoded bytes
   * without the closing 00.
   */
  readonly wire: Uint8Array;
  /** The number of encoded bytes of the frame. */
  readonly length: number;
  /** Present if the CRC is correct. */
  readonly frame?: Frame | undefined;
  /** The decoded message, or why the frame was dropped. */
  readonly decoded: DecodedWire;
}

const NOTHING = new Uint8Array(0);

/**
 * Splits a stream of bytes into frames and keeps the bytes of each. The decoder that the client uses too decides what a
 * frame is and what is wrong with it. docs/protocol.md section 1.
 */
export class FrameSplitter {
  readonly #onFrame: (seen: SeenFrame) => void;
  readonly #decoder = new FrameDecoder({
    onFrame: (frame) => this.#found({ decoded: decodeFrame(frame), frame }),
    onDrop: (code) => this.#dropped(code),
  });
  /** A delimiter, the encoded bytes so far, and space for the other delimiter. */
  readonly #wire = new Uint8Array(MAX_ENCODED_LENGTH + 3);
  #held = 0;

  constructor(onFrame: (seen: SeenFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes the next bytes of the stream. @param now Milliseconds of a monotonic clock. */
  push(chunk: Uint8Array, now: number): void {
    // Makes the decoder forget a partial frame that is too old, before other bytes are added to it.
    this.#decoder.push(NOTHING, now);
    for (let at = 0; at < chunk.length; ) {
      const zero = chunk.indexOf(0, at);
      const end = zero < 0 ? chunk.length : zero + 1;
      const encoded = chunk.subarray(at, zero < 0 ? end : zero);
      const room = MAX_ENCODED_LENGTH + 1 - this.#held;
      if (room > 0) this.#wire.set(encoded.subarray(0, room), 1 + this.#held);
      this.#held += encoded.length;
      this.#decoder.push(chunk.subarray(at, end), now);
      at = end;
    }
  }

  /** The stream has ended: reports a partial frame. */
  reset(): void {
    this.#decoder.reset();
  }

  #dropped(code: FrameErrorCode): void {
    this.#found({ decoded: { ok: false, error: { layer: 'frame', code } } }, code);
  }

  #found(what: Pick<SeenFrame, 'decoded' | 'frame'>, code?: FrameErrorCode): void {
    const length = this.#held;
    this.#held = 0;
    const open = code === 'incomplete' || code === 'oversize';
    // The byte after the encoded bytes is 00 only until a longer frame has used that place.
    const wire = this.#wire.slice(0, Math.min(length, MAX_ENCODED_LENGTH + 1) + (open ? 1 : 2));
    if (!open) wire[wire.length - 1] = 0;
    this.#onFrame({ wire, length, ...what });
  }
}
