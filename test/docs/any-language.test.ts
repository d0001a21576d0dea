import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { main, temporaryFolder } from '../../packages/cli/test/cli.js';
import { readPage } from './markdown.js';

const page = readPage('docs/guides/testing-your-pos.md');
const section = page.split('## From any language, with the control service')[1]!.split(/^## /m)[0]!;

/** Returns the program of the page in a language. */
function program(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section) ?? [];
  if (code === undefined) throw new Error(`the page has no program in ${language}`);
  return code;
}

const POS = [process.execPath, main, 'pay', '--payment-method', 'TRUEMONEY', '--order-id', 'POS1-0042'];

test.each<[string, string, string]>([
  ['python', 'lost_reply.py', 'python3'],
  // Without a type, TypeScript is JavaScript.
  ['ts', 'lost-reply.mjs', process.execPath],
  ['bash', 'lost-reply.sh', 'bash'],
])('docs/guides/testing-your-pos.md: the test in %s runs', async (language, name, interpreter) => {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, program(language));
  const args = [main, 'emulate', '--tcp', '127.0.0.1:0', '--control', '--', interpreter, file, ...POS];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/lost reply: shown once, repeated once\n$/);
});

test('a test that finds a second payment link fails', async () => {
  const file = join(temporaryFolder(), 'lost_reply.py');
  writeFileSync(file, program('python'));
  const twice = ['sh', '-c', `"$@" && "$@"`, 'pos', ...POS];
  const args = [main, 'emulate', '--tcp', '127.0.0.1:0', '--control', '--', 'python3', file, ...twice];
  await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('AssertionError'),
  });
});

test('the programs that CI does not run say so', () => {
  expect(section).toContain('### C#\n\nThis program was not run.\n');
  for (const title of ['Java', 'PHP']) {
    expect(section).toMatch(new RegExp(`### ${title}\n\nThis program was run once by hand, .*CI does not run it.\n`));
  }
});
