import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { Emulator } from '../../packages/emulator/src/index.js';
import { listen } from '../../packages/emulator/src/node/index.js';
import { root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, readPage } from './markdown.js';

const main = join(root, 'packages/cli/dist/main.js');

/** Returns the lines of the record, without the values that are different in each session. */
function shapeOf(record: string): string[] {
  return record
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(/^# (date|node|platform): .*/, '# $1')
        .replace(/^ *\d+\.\d{3}/, 'ms')
        .replace(/127\.0\.0\.1:\d+/g, 'address')
        .replace(/ \d+\/(\d+) /, ' session/$1 ')
        .replace(/\b(nonce|bootId|session)=\w+/g, '$1')
        .replace(/ \| [0-9a-f.]+$/, ' | bytes'),
    );
}

it('the record that two pages quote is the record that the command writes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bluetap-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await using emulator = new Emulator();
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const page = readPage('docs/guides/troubleshooting.md');
  const [, typed = ''] = /^ {4}bluetap (pay .* --record) session\.txt$/m.exec(page) ?? [];
  const file = join(folder, 'session.txt');
  const args = [...typed.replace('tcp://127.0.0.1:4017', address).split(' '), file];
  await promisify(execFile)(process.execPath, [main, ...args]);

  const written = shapeOf(readFileSync(file, 'utf8'));
  expect(written.length).toBeGreaterThan(20);
  for (const each of ['docs/guides/troubleshooting.md', 'packages/sdk/README.md']) {
    const quoted = blocksOf(readPage(each)).find(({ text }) => text.startsWith('# BlueTap session record'));
    expect(shapeOf(quoted?.text ?? ''), each).toEqual(written);
  }
});
