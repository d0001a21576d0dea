import type { Cases } from './cases.js';
import { checkThat } from './check.js';
import type { ConformanceCapabilities } from './setup.js';
import { abortedSignal } from './signals.js';

export const listing = (has: ConformanceCapabilities): Cases => ({
  'importing the package and making a transport opens nothing': async (bench) => {
    await bench.load();
    if (has.seesChannels) await bench.channelsClosed();
  },

  'the transport has a name, and watch exactly where the setup declares it': async (bench) => {
    const { name, watch } = bench.transport;
    checkThat(typeof name === 'string' && name !== '', 'the transport has no name');
    checkThat((watch !== undefined) === has.watch, `the setup declares watch: ${has.watch}, the transport differs`);
  },

  'list gives entries with distinct ids, the same ones again': async (bench) => {
    const first = (await bench.list()).map(({ id }) => id);
    const second = (await bench.list()).map(({ id }) => id);
    checkThat(
      first.every((id) => typeof id === 'string' && id !== ''),
      'a listed device has no id',
    );
    checkThat(new Set(first).size === first.length, `two listed devices have one id: ${first.join(', ')}`);
    checkThat(
      [...first].sort().join('\n') === [...second].sort().join('\n'),
      `the list was ${first.join(', ')} and is now ${second.join(', ')}, though nothing changed`,
    );
  },

  'list with an aborted signal rejects with its reason': async (bench) => {
    const { signal, reason } = abortedSignal();
    await bench.rejectsWith(reason, 'list', bench.list({ signal }));
  },
});
