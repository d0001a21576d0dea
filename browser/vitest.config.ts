import { defineConfig } from 'vitest/config';

// The tests of the page and the playground in Chromium: npm run test:browser.
export default defineConfig({
  ssr: { resolve: { conditions: ['@bluetap/source'] } },
  test: {
    include: ['browser/**/*.test.ts'],
    globalSetup: 'browser/setup.ts',
    // This only ends tests that hang. On a busy machine a test takes several times as long as on a quiet one.
    testTimeout: 60_000,
    // All tests share one browser, and each has its own context.
    isolate: false,
    maxWorkers: 1,
  },
});
