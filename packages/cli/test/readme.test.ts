import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Emulator } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);

it('the POS program of README.md runs as it stands, in the folder that it names', async () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const program = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  expect(program.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15);
  await using emulator = new Emulator();
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program.replace('tcp://127.0.0.1:4000', address)],
    { cwd: fileURLToPath(new URL('examples/pos-program', root)) },
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'Please tap your phone.\n', stderr: '' });
  expect(emulator.face).toMatchObject({
    state: 'ready',
    paymentMethod: 'TRUEMONEY',
    amount: '120.00',
    orderId: 'POS1-0042',
  });
});

it('the test in virtual time of docs/guides/testing-your-pos.md does what its comments say', async () => {
  const guide = readFileSync(new URL('docs/guides/testing-your-pos.md', root), 'utf8');
  const program = /```ts\n(.*?)```/s.exec(guide)?.[1] ?? '';
  let claims = 0;
  const checked = program.replaceAll(/^(.+); \/\/ '(\w+)'.*$/gm, (_, value, expected) => {
    claims++;
    return `assert.equal(${value}, '${expected}');`;
  });
  expect(claims).toBe(2);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', `import assert from 'node:assert/strict';\n${checked}`],
    { cwd: fileURLToPath(new URL('examples/test-your-pos', root)) },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});
