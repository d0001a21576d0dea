import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Coverage is measured only if all tests run. A part of the tests covers only a part of the sources.
const [command, ...options] = process.argv.slice(2);
const everything = command === 'run' && options.every((option) => /^--(?:reporter|outputFile|coverage)\b/.test(option));

export default defineConfig({
  // The tests run the sources, so that a failure names a line that a person wrote.
  ssr: { resolve: { conditions: ['@bluetap/source'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'sim/test/**/*.test.ts',
      'panel/test/**/*.test.ts',
      'model/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
    ],
    // This only ends tests that hang. On a busy machine a test takes several times as long as on a quiet one.
    testTimeout: 30_000,
    setupFiles: ['test/no-output.ts'],
    // A process for each file would take ten times as long as the tests. No module keeps state. If a test leaves a
    // resource open, the next file shows it. In a process of its own, it would not be seen.
    isolate: false,
    // By default vitest leaves one core idle. With two cores, that is half of the machine.
    maxWorkers: availableParallelism(),
    coverage: {
      enabled: everything,
      provider: 'v8',
      include: ['packages/protocol/src/**', 'packages/sdk/src/**'],
      // If no test takes a branch, it can be wrong. If no test can take a branch, it must be removed.
      thresholds: { 100: true },
      reporter: [['text', { skipFull: true }]],
      // Each run has its own folder, so that two runs do not delete each other's files. It is removed after the run.
      reportsDirectory: `coverage/${process.pid}`,
    },
  },
});
