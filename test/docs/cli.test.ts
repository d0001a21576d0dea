import { describe, expect, it } from 'vitest';
import { call } from '../../packages/cli/test/cli.js';
import { blocksOf, isQuoted, pages, readPage } from './markdown.js';

const page = readPage('docs/reference/cli.md');
const bluetap = (line: string) => call(line.split(' '));

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

  it('has every option that a page uses with a command', () => {
    const known = new Map(table.map(({ command, options }) => [command, new Set([...options, '--help'])]));
    const wrong: string[] = [];
    let looked = 0;
    for (const path of pages()) {
      const lines =
        readPage(path)
          .replaceAll(/\\\n\s*/g, '')
          .match(/\bbluetap (?:-- )?[a-z][^`|#\n]*/g) ?? [];
      for (const line of lines) {
        const [, first = '', ...rest] = line
          .replace(/^bluetap -- /, 'bluetap ')
          .replace(/ -- .*$/, '')
          .split(' ');
        const command = first === 'encode' ? `encode ${rest[0]}` : first;
        const options = known.get(command);
        for (const word of options ? rest.filter((each) => each.startsWith('--')) : []) {
          const option = word.replace(/[^\w-].*$/, '');
          looked++;
          if (!options?.has(option)) wrong.push(`${path}: ${command} ${option}`);
        }
      }
    }
    expect(looked).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
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
