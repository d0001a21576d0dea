import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests run on the sources, so that a failure points at a line that a person wrote.
  ssr: { resolve: { conditions: ['@bluetap/source'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'sim/test/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
    ],
    setupFiles: ['test/no-output.ts'],
    // A process for each file costs ten times as much as the tests themselves. No module here keeps state, and what a
    // test leaves open shows up in the next file instead of vanishing with its process.
    isolate: false,
    // By default one core is left idle, which on two cores is half of the machine.
    maxWorkers: availableParallelism(),
  },
});
