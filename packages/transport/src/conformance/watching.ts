import type { Bench } from './bench.js';
import type { Cases } from './cases.js';
import { checkThat } from './check.js';
import type { ConformanceCapabilities } from './setup.js';

export const watching = (has: ConformanceCapabilities): Cases => ({
  ...(has.watch && {
    'watch can be stopped, and stopped again': async (bench) => {
      const watcher = watch(bench);
      watcher.stop();
      watcher.stop();
    },
  }),

  ...(has.watch &&
    has.unplug && {
      'watch tells an unplug and a plug': async (bench) => {
        const watcher = watch(bench);
        try {
          await bench.unplug();
          await bench.within('watch to tell the unplug', watcher.told());
          await bench.plug();
          await bench.within('watch to tell the plug', watcher.told());
        } finally {
          watcher.stop();
        }
      },

      'a watch that was stopped is silent, and another one is still told': async (bench) => {
        const stopped = watch(bench);
        const other = watch(bench);
        try {
          stopped.stop();
          await bench.unplug();
          await bench.within('the other watch to tell the unplug', other.told());
          await bench.plug();
          await bench.within('the other watch to tell the plug', other.told());
          checkThat(stopped.calls() === 0, 'onChange was called after its watch had been stopped');
        } finally {
          other.stop();
        }
      },
    }),
});

interface Watcher {
  readonly stop: () => void;
  /** How often `onChange` was called. */
  calls(): number;
  /** Resolves when `onChange` has been called since the last time this resolved. */
  told(): Promise<void>;
}

function watch(bench: Bench): Watcher {
  let calls = 0;
  let seen = 0;
  let wake = (): void => {};
  const stop = bench.transport.watch?.(() => {
    calls += 1;
    wake();
  });
  checkThat(stop, 'watch returned no function that stops it');
  return {
    stop,
    calls: () => calls,
    told: async () => {
      while (calls === seen) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      seen = calls;
    },
  };
}
