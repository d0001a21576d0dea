import { decodeWire } from '@bluetap/protocol/tools';
import { bytesOf } from './frame-row.js';
import type { PanelEvent } from './panel-input.js';
import type { FrameRow } from './row.js';

/** The record of a device: one event a line, as JSON. */
export function recordText(events: readonly PanelEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** A name for the file of a record: `bluetap-EMU-0001-20260102T030405.jsonl`. @param time ISO 8601. */
export function recordName(serialNumber: string, time: string): string {
  const safe = serialNumber.replaceAll(/[^\w.-]/g, '_');
  return `bluetap-${safe}-${time.slice(0, 19).replaceAll(/[-:]/g, '')}.jsonl`;
}

/** A frame as an entry of vectors/frames.json, with the bytes that went over the wire. */
export function vectorText(row: FrameRow): string {
  const wire = row.passed ?? row.wire;
  const [decoded] = decodeWire(bytesOf(wire));
  const content = !decoded ? {} : decoded.ok ? { message: decoded.message } : { error: decoded.error };
  const name = [row.title.toLowerCase(), ...row.notes.map(({ text }) => text)].join(', ');
  return JSON.stringify({ name, wire, ...content });
}

/** Hex as people read it: `00 15 01`. */
export function spacedHex(hex: string): string {
  return (hex.match(/../g) ?? []).join(' ').toUpperCase();
}
