import { Emulator, type EmulatorEvent, VirtualClock } from '@bluetap/emulator';
import { encodeMessage } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

test('every event is a plain object', async () => {
  const events: EmulatorEvent[] = [];
  const clock = new VirtualClock();
  const emulator = new Emulator({
    clock,
    random: () => 0,
    linkTemplate: 'https://x.example/{orderId}',
    onEvent: (event) => events.push(event),
  });
  const told = () => events.splice(0);
  const snapshot = { simulated: true, serialNumber: 'EMU-0001', plugged: true, taps: 0 };
  const link = { paymentMethod: 'TRUEMONEY', orderId: 'A', remaining: 1, uri: 'https://x.example/A' };
  const connection = 'test';

  const host = new RawHost(emulator);
  expect(told()).toEqual([{ event: 'connected', connection }]);
  const reply = host.hello();
  expect(told()).toEqual([
    {
      event: 'message',
      direction: 'in',
      connection,
      frameNumber: 1,
      wire: '000301010101042004010101051938024e00',
      message: { type: 'HELLO', session: 0, sequence: 0, nonce: 1 },
    },
    {
      event: 'message',
      direction: 'out',
      connection,
      frameNumber: 2,
      wire: Buffer.from(encodeMessage(reply)).toString('hex'),
      message: reply,
    },
    { event: 'session', bootId: 0, session: { number: 1, connection }, lastCommand: null },
  ]);
  host.request({ type: 'PAY', paymentMethod: 'TRUEMONEY', orderId: 'A', expiryTime: 1 });
  expect(told()).toMatchObject([
    { event: 'message', direction: 'in', message: { type: 'PAY' } },
    { event: 'state', cause: 'pay', orderId: 'A', snapshot: { ...snapshot, state: 'ready', ...link } },
    { event: 'message', direction: 'out', message: { type: 'PAY_REPLY' } },
  ]);
  emulator.tap();
  expect(told()).toMatchObject([
    { event: 'tap', uri: link.uri, orderId: 'A', snapshot: { state: 'ready', taps: 1 } },
    { event: 'message', direction: 'out', message: { type: 'LINK', sequence: 1 } },
  ]);
  await clock.advance(1000);
  expect(told()).toMatchObject([
    { event: 'state', cause: 'expiry', orderId: 'A', snapshot: { state: 'expired' } },
    { event: 'message', message: { type: 'LINK', sequence: 2 } },
  ]);
  host.exchange(encodeFrame({ type: 0x3f, session: 7, sequence: 9 }));
  const unknown = { event: 'frame', connection, problem: 'unknown-type', version: 1, session: 7, sequence: 9 };
  expect(told()).toEqual([
    { ...unknown, direction: 'in', frameNumber: 7, wire: expect.stringMatching(/^00.*00$/), type: 0x3f },
    { ...unknown, direction: 'out', frameNumber: 8, wire: expect.stringMatching(/^00.*00$/), type: 0xbf },
  ]);
  host.exchange(encodeFrame({ type: 0x81, session: 7, sequence: 9 }));
  host.exchange(Uint8Array.of(0, 9, 9, 0));
  host.exchange(Uint8Array.of(9));
  emulator.powerCycle();
  expect(told()).toEqual([
    { event: 'dropped', connection, code: 'not-a-request' },
    { event: 'dropped', connection, code: 'cobs' },
    { event: 'unplug', power: 'lost' },
    { event: 'dropped', connection, code: 'incomplete' },
    { event: 'disconnected', connection },
    { event: 'session', bootId: 0, session: null, lastCommand: { session: 1, sequence: 1 } },
    { event: 'start', bootId: 1 },
    { event: 'plug' },
  ]);
  await emulator.close();
});
