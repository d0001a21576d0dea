import { readFileSync } from 'node:fs';
import { type Frame, FrameDecoder, type FrameErrorCode, type Message } from '../src/index.js';
import { frameBytes, type MessageError } from '../src/tools/index.js';
import { crcBitwise } from './reference.js';

export interface Vector {
  readonly name: string;
  readonly wire: string;
  readonly message?: Message;
  readonly error?: { readonly layer: 'frame'; readonly code: FrameErrorCode } | MessageError;
}
const vectorsIn = (name: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8')).vectors;
export const VECTORS: readonly Vector[] = [...vectorsIn('frames.json'), ...vectorsIn('later-frames.json')];

export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A decoder that records its reports: a frame as hex, a drop as its code. */
export function recorder() {
  const seen: string[] = [];
  const decoder = new FrameDecoder({
    onFrame: (frame) => seen.push(toHex(frameBytes(frame))),
    onDrop: (code) => seen.push(code),
  });
  return { seen, decoder };
}

/** Returns all reports for the bytes, including the report at the end of the stream. */
export function readAll(...chunks: readonly Uint8Array[]): string[] {
  const { seen, decoder } = recorder();
  for (const chunk of chunks) decoder.push(chunk);
  decoder.reset();
  return seen;
}

/** Makes a frame with a correct CRC without a wire. */
export function frameOf(
  type: number,
  payload: Uint8Array,
  { version = 1, session = 0x0a0b, sequence = 9 } = {},
): Frame {
  const crc = crcBitwise(Uint8Array.of(version, type, session & 255, session >>> 8, sequence, ...payload));
  return { version, type, session, sequence, payload, crc };
}

/** Returns the frame in wire bytes, without COBS. */
export function frameIn(wire: Uint8Array): Uint8Array {
  const [hex] = readAll(wire);
  return fromHex(hex!);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
