// These tests act between two promises: the channel is lost, or the caller gives up, at every microtask turn of a call.
// Some branches of the SDK can be reached in one single turn only.
import { Emulator, VirtualClock } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { Client } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();
const why = new Error('the shopper left');

/** More turns than a whole call takes in virtual time. */
const TURNS = 80;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}

describe('at every turn of a PAY', () => {
  it('its caller aborts: the result is true, and an unknown outcome becomes known', async () => {
    const outcomes = new Set<string>();
    for (let count = 0; count < TURNS; count++) {
      const { client, clock, within, shown, events } = start();
      await within(0, client.info());
      const controller = new AbortController();
      const paying = client.pay(order, { signal: controller.signal, onAttempt: async () => {} });
      await turns(count);
      controller.abort(why);
      const { outcome, error, attempt } = await within(0, paying);
      outcomes.add(outcome);
      await clock.advance(1000);
      if (outcome === 'not-sent') expect({ shown: shown(), cause: error.cause }).toEqual({ shown: 0, cause: why });
      else if (outcome === 'executed') expect(shown()).toBe(1);
      else expect(events('resolved')).toMatchObject([{ outcome: shown() ? 'executed' : 'not-executed', attempt }]);
    }
    expect(outcomes).toEqual(new Set(['not-sent', 'unknown', 'executed']));
  });

  it('the client is closed: the call settles, and no timer is left', async () => {
    for (let count = 0; count < TURNS; count++) {
      const { client, clock, within, shown } = start();
      const paying = client.pay(order);
      await turns(count);
      await within(0, client.close());
      const { outcome } = await within(0, paying);
      if (outcome === 'not-sent') expect(shown()).toBe(0);
      // The timer of the payment link's expiry, if the device shows a payment link.
      expect(clock.pending).toBe(shown());
    }
  });

  it('the device is unplugged: the payment link is shown at most once, and the outcome is known when it is back', async () => {
    const outcomes = new Set<string>();
    for (let count = 0; count < TURNS; count++) {
      const { client, emulator, clock, within, shown } = start();
      await within(0, client.info());
      // Without onAttempt, the command has left when `pay` returns.
      const paying = client.pay(order, count % 2 ? {} : { onAttempt: async () => {} });
      await turns(count >> 1);
      emulator.unplug();
      await clock.advance(10);
      emulator.plug();
      const { outcome } = await within(2000, paying);
      outcomes.add(outcome);
      expect(shown()).toBe(outcome === 'executed' ? 1 : 0);
    }
    expect(outcomes).toEqual(new Set(['executed', 'not-executed']));
  });
});

it('at every turn after a channel was opened, the device is unplugged: the client finds it again', async () => {
  for (let count = 0; count < TURNS; count++) {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    const inner = emulator.transport();
    let opened = 0;
    await using client = new Client({
      clock,
      transport: {
        name: 'loses its first channel',
        list: (options) => inner.list(options),
        open: async (device, handlers, options) => {
          const channel = await inner.open(device, handlers, options);
          if (opened++ === 0) void turns(count).then(() => emulator.unplug());
          return channel;
        },
      },
    });
    await clock.advance(10);
    emulator.plug();
    await clock.advance(2000);
    expect(opened).toBe(2);
    expect(client.device?.id).toBe('emulator:2');
  }
});
