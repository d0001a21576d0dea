import type { BenchLink } from './bench.js';
import type { Cases } from './cases.js';
import { check, checkTransportError } from './check.js';
import { delimited, LONGEST_FRAME, numberedFrame, numberedFrames, stallingBytes } from './frames.js';
import type { ConformanceCapabilities } from './setup.js';

export const closing = (has: ConformanceCapabilities): Cases => ({
  'close calls onClose once, without an error, before it resolves': async (bench) => {
    const link = await bench.open();
    await bench.exchange(link);
    await link.close();
    checkClosedByHost(link);
  },

  'close can be called at the same time and again': async (bench) => {
    const link = await bench.open();
    await Promise.all([link.close(), link.close(), link.close()]);
    await link.close();
    checkClosedByHost(link);
    await bench.exchange(await bench.open());
    checkClosedByHost(link);
  },

  'write after close rejects with disconnected': async (bench) => {
    const link = await bench.open();
    const closing = link.close();
    const early = await bench.rejection('a write during close', link.write(delimited(numberedFrame(1, 20))));
    await closing;
    const late = await bench.rejection('a write after close', link.write(delimited(numberedFrame(2, 20))));
    checkTransportError('a write during close', early, 'disconnected');
    checkTransportError('a write after close', late, 'disconnected');
  },

  'no data comes after onClose, though the device goes on sending': async (bench) => {
    const link = await bench.open();
    const sending = bench.outcome(bench.send(...numberedFrames(252, () => LONGEST_FRAME)));
    await bench.within('the first frame to reach the host', link.end.inbox.next());
    await link.close();
    await sending;
    checkClosedByHost(link);
  },

  'close from within onData works': async (bench) => {
    const link = await bench.open();
    const closing = new Promise<void>((resolve, reject) => {
      link.end.inbox.react = () => {
        link.end.inbox.react = undefined;
        link.close().then(resolve, reject);
      };
    });
    await bench.send(numberedFrame(1, 60), numberedFrame(2, 60));
    await bench.within('onData, and the close within it', closing);
    checkClosedByHost(link);
  },

  'close settles the writes under way': async (bench) => {
    const link = await bench.open();
    const writes = numberedFrames(100, () => LONGEST_FRAME).map((frame) => bench.outcome(link.write(delimited(frame))));
    await link.close();
    for (const outcome of await Promise.all(writes)) {
      if ('error' in outcome) checkTransportError('a write under way at close', outcome.error, 'disconnected');
    }
    checkClosedByHost(link);
  },

  ...(has.stallBytes > 0 && {
    'a device that takes nothing keeps neither close nor a write from ending': async (bench) => {
      const link = await bench.open();
      await bench.stall();
      const writing = bench.outcome(link.write(stallingBytes(has.stallBytes)));
      await bench.turn();
      await link.close();
      const outcome = await writing;
      check('error' in outcome, 'the write resolved although the device took nothing');
      checkTransportError('a write under way at close', outcome.error, 'disconnected');
      checkClosedByHost(link);
      await bench.resume();
    },
  }),
});

function checkClosedByHost({ end: { closes } }: BenchLink): void {
  check(closes.length === 1, `onClose was called ${closes.length} times instead of once`);
  check(closes[0] === undefined, 'onClose got an error, though the host closed the link');
}
