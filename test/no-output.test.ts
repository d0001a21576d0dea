import { expect, test, vi } from 'vitest';

// `fails` turns the result around after the hooks of test/no-output.ts have run.
test.fails('console', () => console.log('unexpected'));
test.fails('stdout', () => void process.stdout.write('unexpected'));
test.fails('stderr', () => void process.stderr.write('unexpected'));
test.fails('a warning of Node, such as the one about leaked listeners', async () => {
  process.emitWarning('unexpected');
  await new Promise((resolve) => setImmediate(resolve));
});

test('output that a test asks for', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  console.log('expected');
  expect(log).toHaveBeenCalledExactlyOnceWith('expected');
  log.mockRestore();
});
