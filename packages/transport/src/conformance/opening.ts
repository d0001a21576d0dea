import type { Cases } from './cases.js';
import { checkThat, checkTransportError, inWords } from './check.js';
import { delimited, numberedFrame } from './frames.js';
import type { ConformanceCapabilities } from './setup.js';
import { abortedSignal, countedSignal } from './signals.js';

export const opening = (has: ConformanceCapabilities): Cases => ({
  'open of an unknown id rejects with not-found': async (bench) => {
    const device = await bench.device();
    const error = await bench.rejection('open', bench.openDevice({ ...device, id: `${device.id}-unknown` }));
    checkTransportError('open of an unknown id', error, 'not-found');
  },

  'open with an aborted signal rejects with its reason': async (bench) => {
    const { signal, reason } = abortedSignal();
    await bench.rejectsWith(reason, 'open', bench.open({ signal }));
  },

  'an abort in the same turn as the call of open rejects with the reason': async (bench) => {
    const device = await bench.device();
    const controller = new AbortController();
    const opening = bench.openDevice(device, { signal: controller.signal });
    const reason = new Error('aborted during open');
    controller.abort(reason);
    await bench.rejectsWith(reason, 'open', opening);
  },

  'an abort at any time during open rejects with the reason, or open returns a channel that works': async (bench) => {
    const device = await bench.device();
    const moments = [1, 2, 3, 5, 8].map((steps) => () => microtasks(steps));
    for (const moment of [...moments, () => bench.turn()]) {
      const controller = new AbortController();
      const opening = bench.outcome(bench.openDevice(device, { signal: controller.signal }));
      await moment();
      const reason = new Error('aborted during open');
      controller.abort(reason);
      const outcome = await opening;
      if ('value' in outcome) {
        await bench.exchange(outcome.value);
        await outcome.value.close();
      } else {
        checkThat(outcome.error === reason, `open: expected the reason of the signal, got ${inWords(outcome.error)}`);
      }
    }
  },

  'an abort after open does not change the channel: the signal belongs to the call': async (bench) => {
    const controller = new AbortController();
    const channel = await bench.open({ signal: controller.signal });
    controller.abort();
    await bench.exchange(channel);
    checkThat(channel.end.closes.length === 0, 'the signal of a finished call closed the channel');
  },

  'list, open, write and close leave no listener on a signal': async (bench) => {
    const { signal, listeners } = countedSignal();
    const device = await bench.device();
    await bench.list({ signal });
    checkThat(listeners() === 0, 'list left a listener on its signal');
    const channel = await bench.openDevice(device, { signal });
    checkThat(listeners() === 0, 'open left a listener on its signal');
    await channel.write(delimited(numberedFrame(1, 20)), { signal });
    checkThat(listeners() === 0, 'write left a listener on its signal');
    await channel.close();
    await bench.rejection('write after close', channel.write(delimited(numberedFrame(2, 20)), { signal }));
    checkThat(listeners() === 0, 'a rejected write left a listener on its signal');
    await bench.rejection('open', bench.openDevice({ ...device, id: `${device.id}-unknown` }, { signal }));
    checkThat(listeners() === 0, 'a rejected open left a listener on its signal');
  },

  'many channels, one after the other, leave nothing open': async (bench) => {
    const device = await bench.device();
    for (let count = 0; count < bench.channels; count++) await (await bench.openDevice(device)).close();
  },

  ...(has.secondOpen === 'busy' && {
    'a second open rejects with busy, and the first channel does not notice': async (bench) => {
      const channel = await bench.open();
      checkTransportError('a second open', await bench.rejection('a second open', bench.open()), 'busy');
      await bench.exchange(channel);
    },
  }),

  ...(has.secondOpen === 'works' && {
    'a second open works, and closing it does not change the first channel': async (bench) => {
      const first = await bench.open();
      const second = await bench.open();
      await second.write(delimited(numberedFrame(2, 40)));
      await bench.reachDevice(numberedFrame(2, 40));
      await second.close();
      await first.write(delimited(numberedFrame(1, 40)));
      await bench.reachDevice(numberedFrame(1, 40));
      checkThat(first.end.closes.length === 0, 'closing the second channel ended the first');
    },
  }),
});

async function microtasks(count: number): Promise<void> {
  for (let step = 0; step < count; step++) await undefined;
}
