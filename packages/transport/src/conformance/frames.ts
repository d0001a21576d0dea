import { checkThat } from './check.js';

/**
 * The suite sends and compares frames: nonzero bytes between 0x00 delimiters, as in docs/protocol.md section 1. It
 * never compares raw bytes, because a transport may pad with 0x00 (HID fills its reports).
 */
export type FrameBytes = Uint8Array;

/** The longest frame of the wire format. */
export const LONGEST_FRAME = 128;

/** A frame of `length` bytes. Its content differs from the content of its 254 neighbours. */
export function numberedFrame(number: number, length: number): FrameBytes {
  return Uint8Array.from({ length }, (_, index) => 1 + ((number * 31 + index * 7) % 255));
}

export function numberedFrames(count: number, length: (number: number) => number): FrameBytes[] {
  return Array.from({ length: count }, (_, number) => numberedFrame(number, length(number)));
}

/** The wire bytes: each frame has one 0x00 before it and one 0x00 after it. */
export function delimited(...frames: readonly FrameBytes[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((total, frame) => total + frame.length + 2, 0));
  let offset = 1;
  for (const frame of frames) {
    bytes.set(frame, offset);
    offset += frame.length + 2;
  }
  return bytes;
}

/** The wire bytes of frames that together have at least `count` bytes. */
export function stallingBytes(count: number): Uint8Array {
  const one = delimited(numberedFrame(0, LONGEST_FRAME));
  const bytes = new Uint8Array(Math.ceil(count / one.length) * one.length);
  for (let offset = 0; offset < bytes.length; offset += one.length) bytes.set(one, offset);
  return bytes;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The frames that reached one end, in order. */
export class Inbox {
  /** Called after every delivery of bytes, in the same turn. */
  react: (() => void) | undefined;
  readonly #frames: FrameBytes[] = [];
  #taken = 0;
  #partial = new Uint8Array();
  #wake = (): void => {};

  push(bytes: Uint8Array): void {
    let start = 0;
    while (start < bytes.length) {
      const zero = bytes.indexOf(0, start);
      const end = zero === -1 ? bytes.length : zero;
      const whole = new Uint8Array(this.#partial.length + end - start);
      whole.set(this.#partial);
      whole.set(bytes.subarray(start, end), this.#partial.length);
      const ended = zero !== -1;
      if (ended && whole.length > 0) this.#frames.push(whole);
      this.#partial = ended ? new Uint8Array() : whole;
      start = end + 1;
    }
    this.#wake();
    this.react?.();
  }

  /** Waits for the next frame. Only one caller at a time. */
  async next(): Promise<FrameBytes> {
    for (;;) {
      const frame = this.#frames[this.#taken];
      if (frame !== undefined) {
        this.#taken += 1;
        return frame;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves when the next frames are these frames, in this order and with nothing between them. */
  async expect(frames: readonly FrameBytes[]): Promise<void> {
    for (const [index, expected] of frames.entries()) {
      const frame = await this.next();
      checkThat(
        sameBytes(frame, expected),
        `frame ${index + 1} of ${frames.length} is not the frame that was sent: ${differing(frame, expected)}`,
      );
    }
  }

  /** Resolves when this frame has come. Frames before it are ignored. */
  async find(frame: FrameBytes): Promise<void> {
    while (!sameBytes(await this.next(), frame));
  }
}

function differing(frame: FrameBytes, expected: FrameBytes): string {
  return `got ${hex(frame)}, expected ${hex(expected)}`;
}

function hex(frame: FrameBytes): string {
  const digits = Array.from(frame.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${frame.length} bytes (${digits}${frame.length > 16 ? ' ...' : ''})`;
}
