import { decodeMessage } from '../codec/decode.js';
import type { Frame, FrameErrorCode } from '../framing/frame.js';
import { FrameDecoder } from '../framing/frame-decoder.js';
import type { Message } from '../schema/message-types.js';
import type { WireResult } from '../schema/names.js';
import { rowOfReason } from './reasons.js';

/** Why a frame is not a message of this version: the name of its `Reason`, in lower case and with hyphens. */
export type MessageErrorCode =
  | 'unknown-version'
  | 'unknown-type'
  | 'bad-value'
  | 'unknown-critical-tag'
  | 'missing-field'
  | 'unknown-payment-method';

/** A frame that was dropped. docs/protocol.md section 1. */
export interface FrameError {
  /** Distinguishes this error from a `MessageError`. */
  readonly layer: 'frame';
  /** Why the frame was dropped. */
  readonly code: FrameErrorCode;
}

/**
 * The error of a whole frame that is not a message of this version, with the answer of a device to such a request.
 * Section 3.
 */
export interface MessageError {
  /** Distinguishes this error from a `FrameError`. */
  readonly layer: 'message';
  /** The first check that failed. */
  readonly code: MessageErrorCode;
  /** The result in the device's answer. */
  readonly result: WireResult;
  /** The reason in the device's answer, one of `Reason`. */
  readonly reason: number;
}

/** The message of a frame, or its error, in the shape that the vectors use. */
export type DecodedFrame =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: MessageError };

/** The message or the error of a frame on a wire. There, a frame can also be dropped before it is decoded. */
export type DecodedWire = DecodedFrame | { readonly ok: false; readonly error: FrameError };

/** Decodes a frame as `decodeMessage` does. Returns an error in the shape that the vectors use. */
export function decodeFrame(frame: Frame): DecodedFrame {
  const decoded = decodeMessage(frame);
  if (decoded.ok) return decoded;
  const { number, code, result } = rowOfReason(decoded.reason)!;
  // The vectors write a code in lower case and with hyphens.
  const spelled = code.toLowerCase().replaceAll('_', '-') as MessageErrorCode;
  return { ok: false, error: { layer: 'message', code: spelled, result, reason: number } };
}

/**
 * Decodes bytes from a wire. Returns one entry for each frame in the bytes, including dropped frames. A frame without
 * its closing delimiter is `incomplete`.
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
