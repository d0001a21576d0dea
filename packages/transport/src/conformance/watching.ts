import type { Bench } from './bench.js';
import type { Cases } from './cases.js';
import { checkThat } from './check.js';
import type { ConformanceCapabilities } from './setup.js';

export const watching = (has: ConformanceCapabilities): Cases => ({
  ...(has.watch && {
    'a watch can be stopped twice': async (bench) => {
      const watcher = watch(bench);
      watcher.stop();
      watcher.stop();
    },
  }),

  ...(has.watch &&
    has.unplug && {
      'watch reports an unplug and a plug': async (bench) => {
        const watcher = watch(bench);
        try {
          await bench.unplug();
          await bench.within('watch to report the unplug', watcher.told());
          await bench.plug();
          await bench.within('watch to report the plug', watcher.told());
        } finally {
          watcher.stop();
        }
      },

      'a stopped watch makes no calls, and another watch still reports': async (bench) => {
        const stopped = watch(bench);
        const other = watch(bench);
        try {
          stopped.stop();
          await bench.unplug();
          await bench.within('the other watch to report the unplug', other.told());
          await bench.plug();
          await bench.within('the other watch to report the plug', other.told());
          checkThat(stopped.calls() === 0, 'onChange was called after its watch had been stopped');
        } finally {
          other.stop();
        }
      },
    }),
});

interface Watcher {
  readonly stop: () => void;
  /** How many times `onChange` was called. */
  calls(): number;
  /** Resolves when `onChange` has been called since `told` resolved the last time. */
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
  checkThat(stop, 'watch returned no function to stop the watch');
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
