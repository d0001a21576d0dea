import { expect, test, vi } from 'vitest';

// `fails` inverts the result of a test after the hooks of test/no-output.ts have run.
test.fails('console', () => console.log('unexpected'));
test.fails('stdout', () => void process.stdout.write('unexpected'));
test.fails('stderr', () => void process.stderr.write('unexpected'));
test.fails('a warning of Node, such as the one about leaked listeners', async () => {
  process.emitWarning('unexpected');
  await new Promise((resolve) => setImmediate(resolve));
});

test('expected output is allowed', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  console.log('expected');
  expect(log).toHaveBeenCalledExactlyOnceWith('expected');
  log.mockRestore();
});
