import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// What a run of one folder, or of tests by name, leaves uncovered says nothing.
const [command, ...options] = process.argv.slice(2);
const everything = command === 'run' && options.every((option) => /^--(?:reporter|outputFile|coverage)\b/.test(option));

export default defineConfig({
  // Tests run on the sources, so that a failure points at a line that a person wrote.
  ssr: { resolve: { conditions: ['@bluetap/source'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'sim/test/**/*.test.ts',
      'panel/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
    ],
    // A watchdog and no measure: on a machine that is busy with something else everything takes several times as long.
    testTimeout: 30_000,
    setupFiles: ['test/no-output.ts'],
    // A process for each file costs ten times as much as the tests themselves. No module here keeps state, and what a
    // test leaves open shows up in the next file instead of vanishing with its process.
    isolate: false,
    // By default one core is left idle, which on two cores is half of the machine.
    maxWorkers: availableParallelism(),
    coverage: {
      enabled: everything,
      provider: 'v8',
      include: ['packages/protocol/src/**', 'packages/sdk/src/**'],
      // A branch that no test takes is one that nobody knows to be right; one that no test can take does not belong there.
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
      // Of its own, so that two runs at once do not sweep up each other's files. It is gone when the run ends.
      reportsDirectory: `coverage/${process.pid}`,
    },
  },
});
