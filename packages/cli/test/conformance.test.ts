import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceCases, hostCases } from '@bluetap/conformance';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { call, temporaryFolder } from './cli.js';

beforeEach(() => void vi.stubEnv('BLUETAP_TRANSPORT', undefined));
afterEach(() => void vi.unstubAllEnvs());

const conformance = (...args: string[]) => call(['conformance', ...args]);

describe('wrong use is told before the run, with exit code 64', () => {
  test.each<[args: string[], message: string]>([
    [['--only', 'R-0'], 'There is no rule "R-0": the rules are R-1 to R-89.'],
    [['--only', 'R-38x'], 'There is no rule "R-38x"'],
    [['--only', 'R-75'], 'No case of this run proves R-75, because it is a rule for hosts: add --host.'],
    [['--host', '--only', 'R-38', '--', 'x'], 'R-38, because it is a rule for devices: leave out --host.'],
    [['--lines'], '--lines needs --host.'],
    [['--host'], 'Say which host: --host -- COMMAND [ARGUMENT...].'],
    [['--host', 'pos'], '"pos" is not expected here. To run a COMMAND, write it after "--".'],
    [['--host', '--'], 'The COMMAND after "--" is missing.'],
    [['--', 'pos'], 'A COMMAND is a host: write --host before "--".'],
    [['--host', '--transport', 'hid', '--', 'pos'], '--transport is for a device, and --host judges a host.'],
    [['--host', '--ask', '--', 'pos'], '--ask is for a device'],
    [['--host', '--hook', 'true', '--', 'pos'], '--hook is for a device'],
    [['--hook', 'true', '--ask'], 'Give either --hook or --ask.'],
    [['--hook', ' '], '--hook must be a command, but is "".'],
    [['--hook', 'a', '--hook', 'b'], 'It is given more than once'],
    [['--ask'], '--ask needs a terminal'],
    [['--device', ''], '--device must be a serial number or an id'],
    [['--transport', 'radio'], '--transport must be auto, hid, usb'],
    [['--second', 'radio'], '--second must be auto, hid, usb'],
    [['--second', 'tcp://127.0.0.1'], '--second: '],
    [['--second', 'emulator'], '--second emulator would be another device'],
    [['--list', '--json', 'r'], '--list prints to stdout: give --json without a file.'],
    [['--json', 'r', '--junit', 'r'], '--json and --junit name the same file'],
    [['--json', ''], '--json must be the name of a file, but is "".'],
    [['--declare', 'no-such-file'], '--declare: "no-such-file" cannot be read: ENOENT'],
  ])('%j', async (args, message) => {
    const ended = await conformance(...args);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'is wrong: the declaration'],
    ['{"taps":"often"}', 'taps must be "read", "field" or "none"'],
    ['{"colour":"red"}', 'colour'],
  ])('--declare with %s', async (content, message) => {
    const file = join(temporaryFolder(), 'device.json');
    writeFileSync(file, content);
    const ended = await conformance('--declare', file, '--transport', 'emulator');
    expect(ended).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(message) });
  });

  test.each(['json', 'junit'])('--%s in a folder that does not exist, and a folder', async (format) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'is-folder'));
    const missing = await conformance('--transport', 'emulator', `--${format}`, join(folder, 'no', 'report'));
    expect(missing).toMatchObject({ code: 64, stdout: '' });
    expect(missing.stderr).toMatch(new RegExp(`^bluetap: --${format}: the folder of ".*/no/report" does not exist`));
    const other = await conformance('--transport', 'emulator', `--${format}`, join(folder, 'is-folder'));
    expect(other).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('cannot be written: EISDIR') });
  });
});

describe('--list', () => {
  test.each([
    [[], () => deviceCases()],
    [['--host'], () => hostCases(false)],
    [['--host', '--lines'], () => hostCases(true)],
  ] as const)('%j lists every case with its rules', async (args, cases) => {
    const text = await conformance('--list', ...args);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toBe(
      cases()
        .map(({ name, rules }) => `${name} (${rules.join(', ')})\n`)
        .join(''),
    );
    const json = await conformance('--list', '--json', ...args);
    expect(
      json.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(cases());
  });

  test('--only leaves the cases of one rule', async () => {
    const { stdout } = await conformance('--list', '--only', 'R-38', '--json');
    const names = deviceCases()
      .filter(({ rules }) => rules.includes('R-38'))
      .map(({ name }) => name);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(names);
  });
});
