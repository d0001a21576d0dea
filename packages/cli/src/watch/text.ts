import { clockTime } from '../output/clock-time.js';
import { styles } from '../output/output.js';
import { type Piece, padded as paddedTo, type Text, text, trimmedEnd } from '../output/text.js';
import type { Change } from './changes.js';
import type { SessionChange } from './link.js';

/** The width of the longest event name. */
const EVENT_WIDTH = 'disconnected'.length;

/** Returns a function that makes a line for a person from each change. A column grows with its widest cell. */
export function changeLines(): (change: Change | SessionChange) => Text {
  const { bold, cyan, dim, green, red, yellow } = styles();
  const EVENT_COLORS = {
    attached: green,
    detached: red,
    failing: yellow,
    connected: cyan,
    disconnected: red,
    link: cyan,
  };
  const STATE_COLORS = { idle: dim, ready: green, expired: yellow, cancelled: yellow };
  const widths = new Map<string, number>();
  const padded = (column: string, cell: Piece): Text => {
    const width = Math.max(widths.get(column) ?? 0, paddedTo(cell, 0).width);
    widths.set(column, width);
    return paddedTo(cell, width);
  };

  const rest = (change: Change | SessionChange): Piece => {
    switch (change.event) {
      case 'failing':
      case 'disconnected':
        return change.message;
      case 'attached':
      case 'detached': {
        const { id, path = id, interface: usbFunction = '-' } = change.device;
        return text`${padded('function', usbFunction)}  ${padded('path', path)}  ${change.transport}`;
      }
      default: {
        const { state, taps, orderId, device, event } = change;
        const order = orderId === undefined ? '' : text`  order ${bold(orderId)}`;
        const simulated = event === 'connected' && device.simulated ? text`  ${bold(yellow('SIMULATED'))}` : '';
        return text`${STATE_COLORS[state](state)}${readText(state, taps)}${order}${simulated}`;
      }
    }
  };
  return (change) => {
    const event = EVENT_COLORS[change.event](change.event.padEnd(EVENT_WIDTH));
    const who = change.event === 'failing' ? change.transport : (change.device.serialNumber ?? '-');
    return trimmedEnd(text`${dim(clockTime())}  ${event}  ${padded('who', who)}  ${rest(change)}`);
  };
}

function readText(state: string, taps: number): string {
  if (taps === 0) return state === 'idle' ? '' : ', not read by a phone';
  const read = taps === 1 ? ', read once' : `, read ${taps} times`;
  return state === 'ready' ? read : `${read}: it may have been paid`;
}
