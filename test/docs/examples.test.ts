import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Emulator, refuse } from '../../packages/emulator/src/index.js';
import { listen } from '../../packages/emulator/src/node/index.js';
import { root } from '../../scripts/rules/read-packages.mjs';

/** Runs a compiled example with a device that refuses one type of command. Returns the exit code of the last run. */
async function exitCode(program: string, type: 'PAY' | 'CANCEL', runs = 1): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await using emulator = new Emulator();
  emulator.use(refuse(11, { type }));
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const env = { ...process.env, BLUETAP_TRANSPORT: address, JOURNAL: join(folder, 'attempt.json') };
  const run = (more: NodeJS.ProcessEnv) =>
    new Promise<number>((resolve) => {
      execFile(process.execPath, [join(root, 'examples', program)], { env: { ...env, ...more } }, (error) =>
        resolve(error ? Number(error.code ?? 0) : 0),
      );
    });
  for (let earlier = 1; earlier < runs; earlier++) await run({ CRASH: 'yes' });
  // Awaited here, because the device is closed when this function ends.
  return await run({});
}

it.each([
  ['pos-program/dist/pos.js', 'PAY', 1],
  ['pos-program/dist/pos.js', 'CANCEL', 1],
  ['transports/dist/socket.js', 'PAY', 1],
  ['transports/dist/socket.js', 'CANCEL', 1],
  ['second-process/dist/pos.js', 'PAY', 1],
  ['second-process/dist/pos.js', 'CANCEL', 2],
] as const)('examples/%s ends with exit code 1 if its %s failed (C-23)', async (program, type, runs) => {
  expect(await exitCode(program, type, runs)).toBe(1);
});
