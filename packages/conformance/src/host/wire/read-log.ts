import { decodeMessage, FrameDecoder, type Message } from '@bluetap/protocol';
import type { CallEntry, ConnectionEntry, LogEntry } from '../contract/log.js';
import { type HostFrame, HostFrames } from './host-frames.js';

/** A message of the device, as it left. */
export interface DeviceMessage {
  readonly kind: 'message';
  readonly atMs: number;
  readonly connection: number;
  readonly message: Message;
}

/** One event of a conversation, in the order of the wire. */
export type Item = HostFrame | DeviceMessage | ConnectionEntry | CallEntry;

/** Reads the frames in the bytes of a log. What the host could not read either is left out on the device's side. */
export function readLog(log: readonly LogEntry[]): Item[] {
  const items: Item[] = [];
  const hosts = new Map<number, HostFrames>();
  const devices = new Map<number, FrameDecoder>();
  let atMs = 0;
  for (const entry of log) {
    ({ atMs } = entry);
    if (entry.kind === 'call') items.push(entry);
    else if (entry.kind === 'opened') {
      const { connection } = entry;
      hosts.set(connection, new HostFrames(connection));
      devices.set(
        connection,
        deviceDecoder((message) => items.push({ kind: 'message', atMs, connection, message })),
      );
      items.push(entry);
    } else if (entry.kind === 'closed') {
      const rest = hosts.get(entry.connection)?.end(atMs);
      hosts.delete(entry.connection);
      if (rest) items.push(rest);
      items.push(entry);
    } else if (entry.kind === 'bytes' && entry.from === 'host')
      items.push(...(hosts.get(entry.connection)?.take(entry) ?? []));
    else if (entry.kind === 'bytes') devices.get(entry.connection)?.push(entry.bytes, atMs);
  }
  for (const host of hosts.values()) {
    const rest = host.end(atMs);
    if (rest) items.push(rest);
  }
  return items;
}

function deviceDecoder(onMessage: (message: Message) => void): FrameDecoder {
  return new FrameDecoder({
    onFrame: (frame) => {
      const decoded = decodeMessage(frame);
      if (decoded.ok) onMessage(decoded.message);
    },
  });
}
