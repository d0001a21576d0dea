import type { BenchChannel } from './bench.js';
import type { Cases } from './cases.js';
import { checkThat, checkTransportError } from './check.js';
import { delimited, LONGEST_FRAME, numberedFrame, numberedFrames, stallingBytes } from './frames.js';
import type { ConformanceCapabilities } from './setup.js';

export const closing = (has: ConformanceCapabilities): Cases => ({
  'close calls onClose once, without an error, before it resolves': async (bench) => {
    const channel = await bench.open();
    await bench.exchange(channel);
    await channel.close();
    checkClosedByHost(channel);
  },

  'close can be called several times, also at the same time': async (bench) => {
    const channel = await bench.open();
    await Promise.all([channel.close(), channel.close(), channel.close()]);
    await channel.close();
    checkClosedByHost(channel);
    await bench.exchange(await bench.open());
    checkClosedByHost(channel);
  },

  'write after close rejects with disconnected': async (bench) => {
    const channel = await bench.open();
    const closing = channel.close();
    const early = await bench.rejection('a write during close', channel.write(delimited(numberedFrame(1, 20))));
    await closing;
    const late = await bench.rejection('a write after close', channel.write(delimited(numberedFrame(2, 20))));
    checkTransportError('a write during close', early, 'disconnected');
    checkTransportError('a write after close', late, 'disconnected');
  },

  'no data comes after onClose, although the device continues to send': async (bench) => {
    const channel = await bench.open();
    const sending = bench.outcome(bench.send(...numberedFrames(252, () => LONGEST_FRAME)));
    await bench.within('the first frame to reach the host', channel.end.inbox.next());
    await channel.close();
    await sending;
    checkClosedByHost(channel);
  },

  'close from inside onData works': async (bench) => {
    const channel = await bench.open();
    const closing = new Promise<void>((resolve, reject) => {
      channel.end.inbox.react = () => {
        channel.end.inbox.react = undefined;
        channel.close().then(resolve, reject);
      };
    });
    await bench.send(numberedFrame(1, 60), numberedFrame(2, 60));
    await bench.within('onData, and the close inside it', closing);
    checkClosedByHost(channel);
  },

  'close settles the writes under way': async (bench) => {
    const channel = await bench.open();
    const writes = numberedFrames(100, () => LONGEST_FRAME).map((frame) =>
      bench.outcome(channel.write(delimited(frame))),
    );
    await channel.close();
    for (const outcome of await Promise.all(writes)) {
      if ('error' in outcome) checkTransportError('a write under way at close', outcome.error, 'disconnected');
    }
    checkClosedByHost(channel);
  },

  ...(has.stallBytes > 0 && {
    'close and a write end, although the device accepts nothing': async (bench) => {
      const channel = await bench.open();
      await bench.stall();
      const writing = bench.outcome(channel.write(stallingBytes(has.stallBytes)));
      await bench.turn();
      await channel.close();
      const outcome = await writing;
      checkThat('error' in outcome, 'the write resolved although the device accepted nothing');
      checkTransportError('a write under way at close', outcome.error, 'disconnected');
      checkClosedByHost(channel);
      await bench.resume();
    },
  }),
});

function checkClosedByHost({ end: { closes } }: BenchChannel): void {
  checkThat(closes.length === 1, `onClose was called ${closes.length} times instead of once`);
  checkThat(closes[0] === undefined, 'onClose got an error, although the host closed the channel');
}
