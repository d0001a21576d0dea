import type { TransportErrorCode } from '../transport-error.js';
import {
  DARWIN,
  ERRNO_NAMES,
  type ErrorTable,
  LINUX,
  type SystemErrorKind,
  WINDOWS,
  WORDS,
} from './system-error-tables.js';

/** An error of the system or of a native library, as `readSystemError` understands it. */
export interface SystemError {
  /** The meaning of the error. */
  readonly kind: SystemErrorKind;
  /** The code of the contract. A transport can change it with its own knowledge. */
  readonly code: TransportErrorCode;
  /** The message of the library, in one line. It is not escaped yet. */
  readonly said: string;
}

const CODES: Readonly<Record<SystemErrorKind, TransportErrorCode>> = {
  denied: 'permission-denied',
  busy: 'busy',
  absent: 'not-found',
  'no-device': 'not-found',
  gone: 'disconnected',
  'other-thing': 'io',
  'no-driver': 'io',
  settings: 'io',
  stalled: 'io',
  silent: 'timeout',
  failing: 'io',
  aborted: 'io',
  unknown: 'io',
};

/**
 * Reads an error of node-hid, usb, serialport or Node. This is the only place that reads errors of a system.
 *
 * The number of the error decides, because on Windows the words are in the language of the system. The words decide
 * only if there is no number or the number is not known. On Linux and macOS, the words are English.
 * @param error The value that was thrown: an Error, a string, undefined.
 * @param platform As `process.platform` names it.
 * @param name The path or name of the device, as the message can quote it. The words in this name are not read.
 */
export function readSystemError(error: unknown, platform: string, name?: string): SystemError {
  const said = messageOf(error);
  const text = withoutName(said, name);
  const kind = byCode(error) ?? byNumber(text, platform) ?? byWords(text) ?? 'unknown';
  return { kind, code: CODES[kind], said };
}

/** The message of a thrown value of any type, in one line. Never throws. */
export function messageOf(error: unknown): string {
  return textOf(error)
    .trim()
    .replace(/\s*[\r\n]+\s*/g, ' ');
}

function textOf(error: unknown): string {
  try {
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return typeof message === 'string' ? message : String(error);
  } catch {
    return 'what was thrown cannot be shown as text';
  }
}

/** Removes the name only as a whole word, because a name can be as short as "x". */
function withoutName(text: string, name: string | undefined): string {
  if (!name) return text;
  const quoted = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?<!\\w)${quoted}(?!\\w)`, 'g'), '').trim();
}

function byCode(error: unknown): SystemErrorKind | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ERRNO_NAMES[code] : undefined;
}

/** The forms of the error numbers in messages of the libraries. */
const NUMBERS: readonly { readonly form: RegExp; readonly radix: number }[] = [
  // hidapi: "CreateFile: (0x00000005) ...", "... from mach entry: (0xE00002C5) ..."; nusb on macOS: "... (error
  // 0xe00002c5)".
  { form: /\((?:error )?0x([0-9a-f]{1,8})\)/i, radix: 16 },
  // nusb: "... (error 5)" on Windows, "... (errno 13)" on Linux; for a transfer "Unknown(31)".
  { form: /\((?:error|errno) (\d+)\)/i, radix: 10 },
  { form: /\bUnknown\((\d+)\)/, radix: 10 },
  // serialport on Windows.
  { form: /\bunknown error code (\d+)/i, radix: 10 },
];

function byNumber(text: string, platform: string): SystemErrorKind | undefined {
  const table: ErrorTable = platform === 'win32' ? WINDOWS : platform === 'darwin' ? DARWIN : LINUX;
  for (const { form, radix } of NUMBERS) {
    const digits = form.exec(text)?.[1];
    if (digits === undefined) continue;
    const number = Number.parseInt(digits, radix);
    // An HRESULT contains the error number of Windows in its lower half.
    const own = platform === 'win32' && number >>> 16 === 0x8007 ? number & 0xffff : number;
    return table[own];
  }
  return undefined;
}

function byWords(text: string): SystemErrorKind | undefined {
  return WORDS.find(([words]) => words.test(text))?.[1];
}
