import { defineConfig } from 'vitest/config';

// What is too long for `npm test`: test/long/README.md.
export default defineConfig({
  test: {
    include: ['test/long/**/*.long.ts'],
    globalSetup: 'test/long/compile.ts',
    // A thread dies with vitest, and what it started with it; a process of its own would go on when vitest is killed.
    pool: 'threads',
    // One after another: each measures time or memory.
    fileParallelism: false,
    testTimeout: 3_600_000,
    disableConsoleIntercept: true,
  },
});
