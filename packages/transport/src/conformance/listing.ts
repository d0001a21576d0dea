import type { Cases } from './cases.js';
import { checkThat } from './check.js';
import type { ConformanceCapabilities } from './setup.js';
import { abortedSignal } from './signals.js';

export const listing = (has: ConformanceCapabilities): Cases => ({
  'to import the package and to make a transport opens nothing': async (bench) => {
    await bench.load();
    if (has.seesChannels) await bench.channelsClosed();
  },

  'the transport has a name, and has watch exactly if the setup declares watch': async (bench) => {
    const { name, watch } = bench.transport;
    checkThat(typeof name === 'string' && name !== '', 'the transport has no name');
    checkThat((watch !== undefined) === has.watch, `the setup declares watch: ${has.watch}, but the transport differs`);
  },

  'list returns entries with distinct ids, and the same ids again': async (bench) => {
    const first = (await bench.list()).map(({ id }) => id);
    const second = (await bench.list()).map(({ id }) => id);
    checkThat(
      first.every((id) => typeof id === 'string' && id !== ''),
      'a listed device has no id',
    );
    checkThat(new Set(first).size === first.length, `two listed devices have the same id: ${first.join(', ')}`);
    checkThat(
      [...first].sort().join('\n') === [...second].sort().join('\n'),
      `the list was ${first.join(', ')} and is now ${second.join(', ')}, although nothing changed`,
    );
  },

  'list with an aborted signal rejects with its reason': async (bench) => {
    const { signal, reason } = abortedSignal();
    await bench.rejectsWith(reason, 'list', bench.list({ signal }));
  },
});
