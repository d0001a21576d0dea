import { describe, expect, it } from 'vitest';
import { Device } from '../../packages/emulator/src/device/device.js';
import { VirtualClock } from '../../packages/emulator/src/index.js';
import { DeviceSessions } from '../../packages/emulator/src/session/device-sessions.js';
import { frameOf } from '../../packages/emulator/src/session/frame-of.js';
import { encodeMessage, type Message, Reason, type Refused } from '../../packages/protocol/src/index.js';
import { decodeWire } from '../../packages/protocol/src/tools/index.js';
import { Promela } from './promela.js';

const model = new Promela(new URL('../delivery.pml', import.meta.url));

const HELLO = { type: 'HELLO', session: 0, sequence: 0, nonce: 7 } as const;

/** An emulated device without its listeners, that executes CANCELs and PAYs. */
class DeviceUnderTest {
  readonly device = new Device(new VirtualClock(), true, { onChange: () => {}, onStuck: () => {} });
  readonly #sessions: DeviceSessions<string>;
  #repeats = 0;

  constructor() {
    const handlers = { onChange: () => {}, onRepeat: () => this.#repeats++ };
    this.#sessions = new DeviceSessions(
      this.device,
      { serialNumber: 'A', model: 'B', firmware: 'C' },
      () => 9,
      handlers,
    );
  }

  send(request: Message, connection = 'first'): Message {
    const [answer] = decodeWire(this.#sessions.answer(frameOf(encodeMessage(request))!, connection)!);
    if (!answer?.ok) throw new Error('the device must answer each request with a message');
    return answer.message;
  }

  /** Returns what the device did with a request, in the words of the model. */
  didWith(request: Message, connection: string): number {
    const before = this.#repeats;
    const answer = this.send(request, connection);
    if (this.#repeats > before) return model.constant('D_REPEAT');
    const { reason } = answer as Refused;
    const refused = reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
    return model.constant(refused ? 'D_REFUSE' : 'D_NEW');
  }
}

describe('requestRule of the model', () => {
  const rule = model.rule('requestRule');
  const cases = [
    { what: 'the open session', opened: true, number: 0, connection: 'first' },
    { what: 'another session', opened: true, number: 1, connection: 'first' },
    { what: 'another connection', opened: true, number: 0, connection: 'second' },
    { what: 'no session', opened: false, number: 0, connection: 'first' },
  ];

  it.each(cases)('is what the emulated device does with a request: $what', ({ what, opened, number, connection }) => {
    for (let latest = 0; latest <= 4; latest++) {
      for (let sequence = 0; sequence <= 5; sequence++) {
        for (const same of [true, false]) {
          // Before the first request of a session, no request has the same content as the latest one.
          if (same && latest === 0) continue;
          const device = new DeviceUnderTest();
          const session = opened ? device.send(HELLO).session : 10;
          if (opened && latest > 0) device.send({ type: 'CANCEL', session, sequence: latest });
          const request = { session: session + number, sequence, ...(same ? {} : { orderId: 'other' }) };
          const did = device.didWith({ type: 'CANCEL', ...request }, connection);
          const current = what === 'the open session';
          expect(rule(current, sequence, opened ? latest : 0, same), `${latest} ${sequence} ${same}`).toBe(did);
        }
      }
    }
  });

  it('refuses with the reason that the model has: of the session first, then of the sequence', () => {
    const device = new DeviceUnderTest();
    const { session } = device.send(HELLO);
    expect(device.send({ type: 'CANCEL', session: session + 1, sequence: 0 })).toHaveProperty(
      'reason',
      model.constant('NO_SUCH_SESSION'),
    );
    expect(device.send({ type: 'CANCEL', session, sequence: 0 })).toHaveProperty(
      'reason',
      model.constant('SEQUENCE_REUSED'),
    );
  });
});

describe('mismatchRule of the model', () => {
  const rule = model.rule('mismatchRule');

  it.each([undefined, 'one', 'two'])(
    'is what the emulated device does with CANCEL of order one: live is %s',
    (shown) => {
      for (const live of [true, false]) {
        for (const oneOrder of [true, false]) {
          const { device } = new DeviceUnderTest();
          if (live) device.show({ paymentMethod: 'TRUEMONEY', orderId: shown });
          const refused = !device.cancel(oneOrder ? 'one' : undefined);
          expect(Boolean(rule(oneOrder, live, shown === 'one')), `${live} ${oneOrder}`).toBe(refused);
          expect(device.look().state === 'ready').toBe(refused);
        }
      }
    },
  );
});
