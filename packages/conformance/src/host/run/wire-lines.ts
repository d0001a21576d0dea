import type { WireLine } from '../../report/report.js';
import type { LogEntry } from '../contract/log.js';

/** A report shows at most this many pieces of a situation. */
const SHOWN_LINES = 200;

/** A piece of more bytes than this is cut. */
const SHOWN_BYTES = 512;

/** The bytes of a situation, as a report shows them. */
export function linesOf(log: readonly LogEntry[]): WireLine[] {
  const lines: WireLine[] = [];
  for (const entry of log) {
    if (entry.kind !== 'bytes') continue;
    if (lines.length === SHOWN_LINES) break;
    const { atMs, from, connection, bytes } = entry;
    const wire = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex');
    lines.push({ atMs, direction: from === 'host' ? 'received' : 'sent', connection, wire });
  }
  return lines;
}
