import { defineConfig } from 'vitest/config';

// The tests that take too long for `npm test`: see test/long/README.md.
export default defineConfig({
  test: {
    include: ['test/long/**/*.long.ts'],
    globalSetup: 'test/long/compile.ts',
    // A thread ends together with vitest, and so do the processes that it started. A process would continue if vitest is
    // killed.
    pool: 'threads',
    // The files run one after another, because each of them measures time or memory.
    fileParallelism: false,
    testTimeout: 3_600_000,
    disableConsoleIntercept: true,
  },
});
