import type { FrameErrorCode, Message } from '@bluetap/protocol';
import type { DecodedWire, MessageErrorCode } from '@bluetap/protocol/tools';
import { describeReason } from '../common/describe-reason.js';
import { BlueTapError } from '../common/errors.js';
import type { SeenFrame } from './frame-splitter.js';

/** Describes a value that may have to be hidden; `name` is the name of its field. */
export type Show = (name: string, value: string) => string;

/** A message in one line: type, session/sequence, and its fields in the order of the wire. */
export function describeMessage({ type, session, sequence, ...fields }: Message, show: Show): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${describeField(name, value, show)}`);
  return [type, `${session}/${sequence}`, ...rest].join(' ');
}

function describeField(name: string, value: unknown, show: Show): string {
  if (typeof value === 'string') return show(name, value);
  if (typeof value === 'object') {
    const { session, sequence } = value as { session: number; sequence: number };
    return `${session}/${sequence}`;
  }
  if (name === 'nonce' || name === 'bootId') return `0x${(value as number).toString(16).padStart(8, '0')}`;
  return name === 'reason' ? `${value} (${describeReason(value as number)})` : String(value);
}

const PROBLEMS: Record<FrameErrorCode | MessageErrorCode, string> = {
  crc: 'the CRC does not match the bytes',
  'too-short': 'it is shorter than a header and a CRC',
  cobs: 'its last COBS block runs past its end',
  oversize: 'it is longer than 128 encoded bytes',
  incomplete: 'its closing 00 did not come',
  'unknown-version': 'it is of another version of the protocol',
  'unknown-type': 'no message has its type',
  'bad-value': 'a value breaks its rule',
  'unknown-critical-tag': 'it has a critical field that this version does not know',
  'missing-field': 'a required field is missing',
  'unknown-payment-method': 'the payment method is not known',
};

/** Why a frame is dropped, in one line. */
export function describeDropped({ length, frame }: SeenFrame, { error }: DecodedWire & { ok: false }): string {
  const size = length === 1 ? '1 encoded byte' : `${length} encoded bytes`;
  const why = `DROPPED ${error.code}: ${PROBLEMS[error.code]}`;
  if (error.layer === 'frame') return `${why}; ${size}`;
  const { version, type, session, sequence } = frame!;
  const header =
    error.code === 'unknown-version'
      ? `version ${version}`
      : `type 0x${type.toString(16).padStart(2, '0')} ${session}/${sequence}`;
  return `${why}; ${header}, ${size}`;
}

/** An error with its cause, unless its message already has the cause. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  // The message of such an error quotes the values, which need not have gone over the wire to be the shop's.
  const text =
    error instanceof BlueTapError && error.fields ? error.fields.map(({ field }) => field).join(', ') : message;
  const beneath = cause instanceof Error && !message.includes(cause.message) ? ` (cause: ${describeError(cause)})` : '';
  return `${name}${code}: ${text}${beneath}`;
}

/** Without quotes if that is clear, otherwise as JSON, so that one value never looks like two. */
export function quoted(text: string): string {
  return /^[\w.+:/@[\]-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Line breaks and control characters become spaces, so that they cannot break a line or control a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}
