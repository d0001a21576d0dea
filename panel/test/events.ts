import type { EmulatorEvent } from '@bluetap/emulator';
import type { DeviceView } from '@bluetap/emulator/commands';
import { encodeMessage, type Message } from '@bluetap/protocol';
import type { CommandEvent, PanelEvent, PanelInput } from '../src/model/panel-input.js';

export const SERIAL = 'EMU-0001';
export const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** A device that shows nothing. */
export const IDLE: DeviceView = {
  snapshot: { simulated: true, serialNumber: SERIAL, plugged: true, state: 'idle', taps: 0 },
  bootId: 1,
  session: null,
  lastCommand: null,
  nfcFault: 'none',
  connections: [],
  behaviours: [],
  counters: { paymentLinks: 0, payFrames: 0, repeats: 0, taps: 0 },
};

export const READY = {
  ...IDLE.snapshot,
  state: 'ready',
  remaining: 900,
  paymentMethod: 'TRUEMONEY',
  amount: '120.00',
  orderId: 'POS1-0042',
  uri: 'https://bluetap.example/pay/TRUEMONEY?amount=120.00&order=POS1-0042',
} as const;

/** The start of the events, with devices. */
export function devices(service = 'a', views: readonly DeviceView[] = [IDLE]): PanelInput {
  const info = { addresses: ['tcp://127.0.0.1:4000'], triggers: false, scenario: false };
  return { input: 'devices', service, devices: views, info };
}

/** An event of the device. `ms` after NOW. */
export function event(emitted: EmulatorEvent | CommandEvent, ms = 0): PanelInput {
  const time = new Date(NOW + ms).toISOString();
  return { input: 'event', event: { ...emitted, serialNumber: SERIAL, time } as PanelEvent };
}

/** The event of a message. */
export function message(said: Message, frameNumber: number, ms = 0): PanelInput {
  const direction = said.type.endsWith('_REPLY') || said.type === 'LINK' ? 'out' : 'in';
  const wire = Buffer.from(encodeMessage(said)).toString('hex');
  return event({ event: 'message', message: said, direction, connection: 'tcp 1', frameNumber, wire }, ms);
}

export const PAY = { type: 'PAY', session: 7, sequence: 1, paymentMethod: 'TRUEMONEY', amount: '120.00' } as const;
export const PAID = {
  type: 'PAY_REPLY',
  session: 7,
  sequence: 1,
  result: 'SUCCESS',
  state: 'ready',
  remaining: 900,
} as const;
