import { Emulator, type EmulatorEvent } from '@bluetap/emulator';
import { encodeFrame } from '@bluetap/protocol/tools';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawHost } from './raw-host.js';

/** Bytes without a meaning, and frames with a correct CRC and any content. */
const chunk = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .record({
      version: fc.oneof(fc.constant(1), fc.nat(255)),
      type: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.nat(255)),
      session: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat(65535)),
      sequence: fc.nat(255),
      payload: fc.uint8Array({ maxLength: 118 }),
    })
    .map(encodeFrame),
);

test('no bytes make the device throw, and it answers a valid HELLO after them', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
      const events: EmulatorEvent[] = [];
      const emulator = new Emulator({ random: () => 0, onEvent: (event) => events.push(event) });
      const host = new RawHost(emulator);
      for (const bytes of chunks) host.connection.receive(bytes);
      for (const answer of host.take()) {
        // Every answer can be decoded, except the answers to a type that is not defined.
        if (!answer.ok) expect(answer.error).toMatchObject({ code: 'unknown-type' });
      }
      // A partial frame before the HELLO is lost. The HELLO itself is not lost, because it starts with a delimiter.
      expect(host.hello()).toMatchObject({ result: 'SUCCESS' });
      expect(host.request({ type: 'PAY', paymentMethod: 'SEVEN_11' })).toMatchObject({
        state: 'ready',
        remaining: 900,
      });
      emulator.powerCycle();
      JSON.stringify(events);
    }),
    { numRuns: 300 },
  );
});
