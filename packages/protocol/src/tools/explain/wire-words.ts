import { REASONS } from '../../schema/reasons.js';

/** Returns for example "1 byte" or "5 bytes". */
export function countedBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

/** Returns a number in hex with so many digits, the highest first. */
export function hexNumber(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Returns bytes in hex, in their order, with nothing between them. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => hexNumber(byte, 2)).join('');
}

/** Returns the words of a reason, or undefined if only a later version defines the reason. */
export function reasonText(reason: unknown): string | undefined {
  return REASONS.find(({ number }) => number === reason)?.text;
}

/** Returns what is wrong, with the reason of a device's answer in words. */
export function withReason(what: string, reason: number): string {
  return `${what} (reason ${reason}: ${reasonText(reason)})`;
}
