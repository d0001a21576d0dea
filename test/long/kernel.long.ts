import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const suite = fileURLToPath(new URL('../../lab/suite/dist/test-kernel.js', import.meta.url));

test('unplug through a real kernel: while idle, while waiting and while writing', async () => {
  const env = { ...process.env, BLUETAP_ROUNDS: process.env['BLUETAP_LONG_UNPLUGS'] || '100' };
  const run = spawn(process.execPath, [suite, 'unplugging'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(run, 'close');
  expect(code).toBe(0);
});
