import { type Decoded, decodeMessage, type Frame, FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';

/** One frame that the device wrote. */
export interface Received {
  readonly frame: Frame;
  /** The message, or the reason why it is none. */
  readonly decoded: Decoded;
  /** The encoded bytes between the delimiters. */
  readonly encoded: Uint8Array;
  /** False if no delimiter of its own stood before the frame. */
  readonly opened: boolean;
  /** Where in its chunk the frame, or its opening delimiter, begins. */
  readonly offset: number;
  /** When its first byte came, and when its closing delimiter came, in milliseconds of the clock. */
  readonly firstByteAt: number;
  readonly at: number;
}

/** The functions that a splitter calls. */
export interface SplitterHandlers {
  onFrame(received: Received): void;
  onNoise(code: FrameErrorCode): void;
}

const LONGEST = 4096;

/**
 * Cuts what a device writes into frames. Unlike `FrameDecoder` it sees the delimiters themselves: each frame has one
 * before it and one after it, and no frame may use the delimiter of another.
 */
export class ReplySplitter {
  readonly #handlers: SplitterHandlers;
  #encoded: number[] = [];
  /** The delimiters since the end of the frame before. */
  #delimiters = 0;
  /** Where the first delimiter, or the first byte, of the frame stands in its chunk. */
  #offset = 0;
  #firstByteAt = 0;

  constructor(handlers: SplitterHandlers) {
    this.#handlers = handlers;
  }

  /** Reads the next bytes. @param now Milliseconds of the clock. */
  push(chunk: Uint8Array, now: number): void {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === 0) this.#delimiter(at, now);
      else {
        if (this.#encoded.length === 0 && this.#delimiters === 0) {
          this.#offset = at;
          this.#firstByteAt = now;
        }
        if (this.#encoded.length < LONGEST) this.#encoded.push(byte);
      }
    }
  }

  #delimiter(at: number, now: number): void {
    if (this.#encoded.length > 0) {
      this.#complete(now);
      return;
    }
    // Padding and the opening delimiter look the same. The last one before the frame is the one that counts.
    this.#delimiters++;
    this.#offset = at;
    this.#firstByteAt = now;
  }

  #complete(at: number): void {
    const encoded = Uint8Array.from(this.#encoded);
    const opened = this.#delimiters > 0;
    this.#encoded = [];
    this.#delimiters = 0;
    const found = readFrame(encoded);
    if (typeof found === 'string') this.#handlers.onNoise(found);
    else
      this.#handlers.onFrame({
        frame: found,
        decoded: decodeMessage(found),
        encoded,
        opened,
        offset: this.#offset,
        firstByteAt: this.#firstByteAt,
        at,
      });
  }
}

function readFrame(encoded: Uint8Array): Frame | FrameErrorCode {
  let found: Frame | FrameErrorCode = 'incomplete';
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      found = frame;
    },
    onDrop: (code) => {
      found = code;
    },
  });
  decoder.push(Uint8Array.of(...encoded, 0));
  return found;
}
