import type { PanelEvent } from './panel-input.js';
import type { EventRow } from './row.js';

const POWER_VERBS = ['tap', 'unplug', 'plug', 'power-cycle', 'expire'];

/** Only these causes have a row. The frames of PAY and CANCEL are already in the list. */
const STATE_TEXTS: Readonly<Record<string, string>> = {
  expiry: 'the payment link expired',
  fault: 'the NFC part broke, and the payment link ended',
};

/** Makes the row of an event that is not a frame. Returns undefined if the list has no row for the event. */
export function eventRow(event: PanelEvent, key: number): EventRow | undefined {
  const said = textOf(event);
  if (said === undefined) return undefined;
  const [text, tone] = typeof said === 'string' ? ([said, 'plain'] as const) : said;
  return { kind: 'event', key, time: event.time, text, tone, ...(event.event === 'mark' && { mark: true }) };
}

function textOf(event: PanelEvent): string | readonly [string, EventRow['tone']] | undefined {
  switch (event.event) {
    case 'connected':
      return `connection opened: ${event.connection}`;
    case 'disconnected':
      return `connection closed: ${event.connection}`;
    case 'tap':
      return [`a phone read the payment link (${event.snapshot.taps})`, 'good'];
    case 'unplug':
      return [event.power === 'lost' ? 'cable unplugged, power lost' : 'cable unplugged', 'bad'];
    case 'plug':
      return 'cable plugged in';
    case 'start':
      return ['the device restarted: it has no session and no payment link', 'warn'];
    case 'restore':
      return 'the device continues with an imported state';
    case 'state':
      return warning(STATE_TEXTS[event.cause]);
    case 'dropped':
      return [`bytes dropped: ${event.code.replaceAll('-', ' ')} (${event.connection})`, 'bad'];
    case 'command':
      return POWER_VERBS.includes(event.do) ? undefined : commandText(event.do, event.parameters, event.by);
    case 'mark':
      return `mark ${event.mark}`;
    default:
      return undefined;
  }
}

function warning(text: string | undefined): readonly [string, 'warn'] | undefined {
  return text === undefined ? undefined : [text, 'warn'];
}

function commandText(verb: string, parameters: object, by: string): string {
  const values = Object.entries(parameters)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? '...' : value}`)
    .join(', ');
  return `command ${verb}${values === '' ? '' : `: ${values}`} (by ${by})`;
}
