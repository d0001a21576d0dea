import { decodeMessage } from '../codec/decode.js';
import type { Frame, FrameErrorCode } from '../framing/frame.js';
import { FrameDecoder } from '../framing/frame-decoder.js';
import type { Message } from '../schema/message-types.js';
import type { WireResult } from '../schema/names.js';
import { rowOfReason } from './reasons.js';

/** Why a frame is not a message of this version: the name of its `Reason`, in lower case with hyphens. */
export type MessageErrorCode =
  | 'unknown-version'
  | 'unknown-type'
  | 'bad-value'
  | 'unknown-critical-tag'
  | 'missing-field'
  | 'unknown-payment-method';

/** A frame that was dropped. docs/protocol.md section 1. */
export interface FrameError {
  /** Tells this error from a `MessageError`. */
  readonly layer: 'frame';
  /** What is wrong with the bytes. */
  readonly code: FrameErrorCode;
}

/** A whole frame that is not a message of this version, and what a device answers to such a request. Section 3. */
export interface MessageError {
  /** Tells this error from a `FrameError`. */
  readonly layer: 'message';
  /** Which check failed first. */
  readonly code: MessageErrorCode;
  /** The result that a device answers to such a request. */
  readonly result: WireResult;
  /** The reason that a device answers to such a request, one of `Reason`. */
  readonly reason: number;
}

/** What a frame means, in the shape that the vectors use. */
export type DecodedFrame =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: MessageError };

/** The same of bytes on a wire, where a frame can be dropped before it is looked into. */
export type DecodedWire = DecodedFrame | { readonly ok: false; readonly error: FrameError };

/** `decodeMessage`, with its error in the shape that the vectors use. */
export function decodeFrame(frame: Frame): DecodedFrame {
  const decoded = decodeMessage(frame);
  if (decoded.ok) return decoded;
  const { number, code, result } = rowOfReason(decoded.reason)!;
  // The vectors spell a code in another way.
  const spelled = code.toLowerCase().replaceAll('_', '-') as MessageErrorCode;
  return { ok: false, error: { layer: 'message', code: spelled, result, reason: number } };
}

/**
 * Decodes bytes as they stand on a wire and gives one entry for each frame in them, dropped ones included.
 * A frame whose closing delimiter is missing counts as `incomplete`.
 */
export function decodeWire(bytes: Uint8Array): DecodedWire[] {
  const found: DecodedWire[] = [];
  const decoder = new FrameDecoder({
    onFrame: (frame) => found.push(decodeFrame(frame)),
    onDrop: (code) => found.push({ ok: false, error: { layer: 'frame', code } }),
  });
  decoder.push(bytes);
  decoder.reset();
  return found;
}
