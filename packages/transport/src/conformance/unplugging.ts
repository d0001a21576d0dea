import type { Bench, BenchChannel } from './bench.js';
import type { Cases } from './cases.js';
import { checkThat, checkTransportError } from './check.js';
import { delimited, LONGEST_FRAME, numberedFrame, numberedFrames, stallingBytes } from './frames.js';
import type { ConformanceCapabilities } from './setup.js';

const ALWAYS: Cases = {
  'an unplug calls onClose of an idle channel once, with disconnected': async (bench) => {
    const channel = await bench.open();
    await bench.exchange(channel);
    await bench.unplug();
    await lost(bench, channel);
    await bench.plug();
  },

  'write after an unplug rejects with disconnected': async (bench) => {
    const channel = await bench.open();
    await bench.unplug();
    await lost(bench, channel);
    const error = await bench.rejection('a write after an unplug', channel.write(delimited(numberedFrame(1, 20))));
    checkTransportError('a write after an unplug', error, 'disconnected');
    await bench.plug();
  },

  'an unplug settles the writes under way': async (bench) => {
    const channel = await bench.open();
    const bytes = delimited(...numberedFrames(30, () => LONGEST_FRAME));
    const writes = Array.from({ length: 50 }, () => bench.outcome(channel.write(bytes)));
    await bench.unplug();
    for (const outcome of await Promise.all(writes)) {
      // A failing write can be the first sign of the unplug. Not every system can then say why the write failed.
      if ('error' in outcome)
        checkTransportError('a write at an unplug', outcome.error, 'disconnected', 'io', 'timeout');
    }
    await lost(bench, channel);
    await bench.plug();
  },

  'close right after an unplug resolves, and onClose is called once': async (bench) => {
    const channel = await bench.open();
    await bench.unplug();
    await channel.close();
    checkThat(channel.end.closes.length === 1, `onClose was called ${channel.end.closes.length} times instead of once`);
    if (channel.end.closes[0]) checkTransportError('onClose', channel.end.closes[0], 'disconnected');
    await bench.plug();
  },

  'close during an unplug and from inside onClose resolves': async (bench) => {
    const channel = await bench.open();
    const closing = new Promise<void>((resolve, reject) => {
      channel.end.reactToClose = () => channel.close().then(resolve, reject);
    });
    await bench.unplug();
    await bench.within('onClose, and the close inside it', closing);
    await lost(bench, channel);
    await bench.plug();
  },

  'open during an unplug rejects, or returns a channel that ends': async (bench) => {
    const device = await bench.device();
    const opening = bench.outcome(bench.openDevice(device));
    await bench.unplug();
    const outcome = await opening;
    if ('error' in outcome) checkTransportError('open at an unplug', outcome.error, 'not-found', 'disconnected', 'io');
    else await lost(bench, outcome.value);
    await bench.plug();
  },
};

const opening = (has: ConformanceCapabilities): Cases => ({
  'an unplugged device cannot be opened, but can be opened again after plug': async (bench) => {
    const device = await bench.device();
    await bench.unplug();
    const error = await bench.rejection('open of an unplugged device', bench.openDevice(device));
    checkTransportError('open of an unplugged device', error, 'not-found');
    if (has.listFollowsUnplug) {
      const listed = (await bench.list()).map(({ id }) => id);
      checkThat(!listed.includes(device.id), `the unplugged device ${device.id} is still listed`);
    }
    await bench.plug();
    await bench.exchange(await bench.open());
  },
});

const writing = (stallBytes: number): Cases => ({
  'an unplug ends a write that the device does not accept': async (bench: Bench) => {
    const channel = await bench.open();
    await bench.stall();
    const writing = bench.outcome(channel.write(stallingBytes(stallBytes)));
    await bench.turn();
    await bench.unplug();
    const outcome = await writing;
    checkThat('error' in outcome, 'the write resolved although the device accepted nothing');
    checkTransportError('a write at an unplug', outcome.error, 'disconnected', 'io', 'timeout');
    await lost(bench, channel);
    await bench.resume();
    await bench.plug();
  },
});

export const unplugging = (has: ConformanceCapabilities): Cases =>
  has.unplug ? { ...ALWAYS, ...opening(has), ...(has.stallBytes > 0 && writing(has.stallBytes)) } : {};

/** Waits for `onClose` and checks its error. */
async function lost(bench: Bench, channel: BenchChannel): Promise<void> {
  checkTransportError('onClose', await bench.within('onClose after the unplug', channel.end.closed), 'disconnected');
}
