import { type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import { type DecodedWire, decodeFrame, MAX_ENCODED_LENGTH } from '@bluetap/protocol/tools';

/** One frame of a stream, whole or not. */
export interface SeenFrame {
  /**
   * Its bytes on the wire: 00, the encoded bytes, and 00 if it came. Of an oversize frame the first 129 encoded bytes,
   * without the closing 00.
   */
  readonly wire: Uint8Array;
  /** How many encoded bytes it had. */
  readonly length: number;
  /** There when the CRC is right. */
  readonly frame?: Frame | undefined;
  /** What it means, or why it was dropped. */
  readonly decoded: DecodedWire;
}

const NOTHING = new Uint8Array(0);

/**
 * Cuts a stream of bytes into frames and keeps the bytes of each. What is a frame, and what is wrong with one, is the
 * decision of the decoder that the client uses too. docs/protocol.md section 1.
 */
export class FrameSplitter {
  readonly #onFrame: (seen: SeenFrame) => void;
  readonly #decoder = new FrameDecoder({
    onFrame: (frame) => this.#found({ decoded: decodeFrame(frame), frame }),
    onDrop: (code) => this.#dropped(code),
  });
  /** A delimiter, the encoded bytes that are held, and room for the other delimiter. */
  readonly #wire = new Uint8Array(MAX_ENCODED_LENGTH + 3);
  #held = 0;

  constructor(onFrame: (seen: SeenFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes the next bytes of the stream. @param now Milliseconds of a monotonic clock. */
  push(chunk: Uint8Array, now: number): void {
    // Forgets a partial frame that has waited for too long, before other bytes join it here.
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

  /** The stream has ended: tells a partial frame. */
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
    // The place after the encoded bytes is a 00 only until a longer frame has been there.
    const wire = this.#wire.slice(0, Math.min(length, MAX_ENCODED_LENGTH + 1) + (open ? 1 : 2));
    if (!open) wire[wire.length - 1] = 0;
    this.#onFrame({ wire, length, ...what });
  }
}
