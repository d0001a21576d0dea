import { decodeMessage, type Frame, FrameDecoder, type FrameErrorCode, type Message } from '@bluetap/protocol';
import type { BytesEntry } from '../contract/log.js';

/** What stands between two delimiters, as the host has sent it. */
export interface HostFrame {
  readonly kind: 'frame';
  /** When its last byte came, in milliseconds since the start of the situation. */
  readonly atMs: number;
  /** It cannot have come before this time. */
  readonly earliestMs: number;
  readonly connection: number;
  /** The encoded bytes without delimiters, as lower-case hex. Two copies of a request have the same. */
  readonly encoded: string;
  /** How many delimiters stand before it, after the frame before it. */
  readonly delimitersBefore: number;
  /** False if its connection ended without a delimiter after it. */
  readonly closed: boolean;
  /** Present if it is a whole frame. */
  readonly frame?: Frame | undefined;
  /** Why it is no frame. */
  readonly problem?: FrameErrorCode | undefined;
  /** Present if the frame is a message. */
  readonly message?: Message | undefined;
  /** The reason of docs/protocol.md section 3 why the frame is no message. */
  readonly reason?: number | undefined;
}

/** Cuts the bytes of one connection of the host at their delimiters. */
export class HostFrames {
  readonly #connection: number;
  #bytes: number[] = [];
  #delimiters = 0;

  constructor(connection: number) {
    this.#connection = connection;
  }

  /** Takes the next bytes. Returns the frames that they complete. */
  take({ bytes, atMs, earliestMs }: Pick<BytesEntry, 'bytes' | 'atMs' | 'earliestMs'>): HostFrame[] {
    const found: HostFrame[] = [];
    for (const byte of bytes) {
      if (byte !== 0) {
        this.#bytes.push(byte);
        continue;
      }
      if (this.#bytes.length > 0) found.push(this.#complete(atMs, earliestMs, true));
      this.#delimiters++;
    }
    return found;
  }

  /** The connection ends. Returns what came after the last delimiter, if anything did. */
  end(atMs: number): HostFrame | undefined {
    return this.#bytes.length > 0 ? this.#complete(atMs, atMs, false) : undefined;
  }

  #complete(atMs: number, earliestMs: number, closed: boolean): HostFrame {
    const encoded = Uint8Array.from(this.#bytes);
    const delimitersBefore = this.#delimiters;
    this.#bytes = [];
    this.#delimiters = 0;
    const text = Buffer.from(encoded).toString('hex');
    const connection = this.#connection;
    const head = { kind: 'frame', atMs, earliestMs, connection, encoded: text, delimitersBefore, closed } as const;
    const read = readEncoded(encoded);
    if (typeof read === 'string') return { ...head, problem: read };
    const decoded = decodeMessage(read);
    return { ...head, frame: read, ...(decoded.ok ? { message: decoded.message } : { reason: decoded.reason }) };
  }
}

function readEncoded(encoded: Uint8Array): Frame | FrameErrorCode {
  let found: Frame | FrameErrorCode = 'incomplete';
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      found = frame;
    },
    onDrop: (code) => {
      found = code;
    },
  });
  decoder.push(encoded);
  decoder.push(Uint8Array.of(0));
  return found;
}
