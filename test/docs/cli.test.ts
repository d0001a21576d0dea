import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, isQuoted, readPage } from './markdown.js';

const page = readPage('docs/reference/cli.md');
const main = join(root, 'packages/cli/dist/main.js');
const bluetap = (line: string) => promisify(execFile)(process.execPath, [main, ...line.split(' ')]);

describe('docs/reference/cli.md', () => {
  const table = [...page.matchAll(/^\| `([a-z -]+)` \|((?: `--[\w-]+`)*) \|$/gm)].map(([, command, options]) => ({
    command: command!,
    options: [...options!.matchAll(/--[\w-]+/g)].map(([option]) => option),
  }));

  it('has every command', async () => {
    const { stdout } = await bluetap('--help');
    const commands = [...(/^Commands:\n(.*?)\n\n/ms.exec(stdout)?.[1] ?? '').matchAll(/^ {2}([a-z]\S*)/gm)];
    const named = new Set(table.map(({ command }) => command.split(' ')[0]));
    expect(commands.map(([, name]) => name).filter((name) => name !== 'help')).toEqual([...named]);
  });

  it.each(table)('has the options of $command', async ({ command, options }) => {
    const { stdout } = await bluetap(`${command} --help`);
    const told = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    expect(options.toSorted()).toEqual(told.filter((option) => option !== '--help').toSorted());
  });

  it('quotes what the commands print', async () => {
    const [quoted] = blocksOf(page).filter(({ language }) => language === 'console');
    const runs = [...quoted!.text.matchAll(/^\$ bluetap (.*)\n(.*)$/gm)];
    expect(runs.length).toBe(2);
    for (const [, line, quote] of runs) {
      const { stdout } = await bluetap(line!);
      expect(isQuoted(quote!, stdout), stdout).toBe(true);
    }
  });
});
