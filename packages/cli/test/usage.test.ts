import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProgram } from '../src/program.js';
import { call, printed, run } from './cli.js';

beforeEach(() => void vi.stubEnv('BLUETAP_TRANSPORT', undefined));
afterEach(() => void vi.unstubAllEnvs());

test.each<[args: string[], text: string, advice?: string]>([
  [['foo'], "unknown command 'foo'", 'bluetap --help'],
  [['statsu'], "unknown command 'statsu' (Did you mean status?)", 'bluetap --help'],
  [['help', 'foo'], "unknown command 'foo'", 'bluetap --help'],
  [['help', 'statsu'], "unknown command 'statsu' (Did you mean status?)", 'bluetap --help'],
  [['encode', 'help', 'foo'], "unknown command 'foo'", 'bluetap encode --help'],
  [['--foo'], "unknown option '--foo'", 'bluetap --help'],
  [['pay', '--foo'], "unknown option '--foo'", 'bluetap pay --help'],
  [['pay', 'foo'], 'too many arguments', 'bluetap pay --help'],
  [['pay', '--amount'], "option '--amount <amount>' argument missing", 'bluetap pay --help'],
  [['pay', '--amount', '1', '--amount', '2'], 'It is given more than once', 'bluetap pay --help'],
  [['encode', 'foo'], "unknown command 'foo'", 'bluetap encode --help'],
  [['encode', 'pay', '--sequence', '1'], "required option '--session <number>'", 'bluetap encode pay --help'],
  [['encode', 'hello'], "required option '--nonce <number>'", 'bluetap encode hello --help'],
  [['decode'], "missing required argument 'hex'", 'bluetap decode --help'],
  [['decode', '00', '00'], 'too many arguments', 'bluetap decode --help'],
  [['vectors'], "missing required argument 'file'", 'bluetap vectors --help'],
  [['emulate'], 'Say where hosts find the device', 'bluetap emulate --help'],
  [['emulate', '--tcp', '0', 'sh'], '"sh" is not expected here', 'bluetap emulate --help'],
  [['emulate', '--tcp', '0', '--'], 'The COMMAND after "--" is missing', 'bluetap emulate --help'],
  [['emulate', '--tcp', '127.0.0.1:65536'], '"127.0.0.1:65536" is not an address'],
  [['emulate', '--unix', '/x'.repeat(60)], 'the path of a unix socket'],
  [['status', '--transport', 'bluetooth'], '--transport must be auto, hid, usb, serial, serial:PATH, tcp://HOST:PORT'],
  [['status', '--transport', 'serial:'], '--transport must be auto, hid,'],
  [['udev-rules', '--group', 'a"b'], '--group must be the name of a group'],
  [['status', '--transport', ''], '--transport must be auto'],
  [['status', '--transport', 'tcp://127.0.0.1'], 'the port is missing'],
  [['status', '--transport', 'unix:'], 'the path is missing'],
  [['status', '--device', ''], '--device must be a serial number or an id, but is ""'],
  [['watch', '--link', '--device', ''], '--device must be a serial number or an id'],
  [['status', '--transport', 'emulator', '--timeout', '0'], '--timeout must be a whole number of milliseconds'],
  [['status', '--transport', 'emulator', '--timeout', '1s'], '--timeout must be a whole number of milliseconds'],
])('wrong use: %j', async (args, text, advice) => {
  const ended = await call(args);
  expect(ended).toMatchObject({ code: 64, stdout: '' });
  expect(ended.stderr).toMatch(/^bluetap: /);
  expect(ended.stderr).toContain(text);
  if (advice) expect(ended.stderr).toMatch(new RegExp(`\nTry: ${advice}\n$`));
});

test('an error names a wrong BLUETAP_TRANSPORT, and an empty BLUETAP_TRANSPORT counts as not set', async () => {
  const info = ['info', '--timeout', '1', '--device', 'NONE'];
  const [wrong, empty] = await Promise.all(['x', ''].map((BLUETAP_TRANSPORT) => run(info, { BLUETAP_TRANSPORT })));
  expect(wrong).toMatchObject({ code: 64, stdout: '' });
  expect(wrong!.stderr).toContain('BLUETAP_TRANSPORT must be auto');
  // Then the transport is auto: any attached device.
  expect(empty).toMatchObject({ code: 3 });
});

test('without a command, the help is printed on stderr', async () => {
  const help = await call(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(await call([])).toEqual({ code: 64, stdout: '', stderr: help.stdout });
  expect(await call(['encode'])).toMatchObject({ code: 64, stdout: '' });
});

test('--version prints the version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await run(['--version'])).toMatchObject(printed(`${version}\n`));
  // After a command, it is not an option of the program.
  expect(await call(['pay', '--order-id', '--version'])).toMatchObject({ code: 2, stdout: '' });
});

test('--help after a command prints the help of the command', async () => {
  const first = await call(['encode', 'pay', '--help']);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^Usage: bluetap encode pay \[options\]\n/);
  const second = await call(['help', 'pay']);
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(second.stdout).toMatch(/^Usage: bluetap pay \[options\]\n/);
});

test('every help has its options and an example, within 80 columns', async () => {
  const program = await createProgram();
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  expect(all).toHaveLength(20);
  for (const command of all) {
    const text = helpOf(command);
    for (const { long } of command.options) expect(text).toContain(long);
    for (const child of command.commands) expect(text).toContain(child.name());
    expect(text).toContain('--help');
    if (command.commands.length === 0 || command === program) expect(text, command.name()).toContain('Example');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  }
});

test('a help names each default once', async () => {
  const { stdout } = await call(['emulate', '--help']);
  expect(stdout.match(/127\.0\.0\.1:3240/g)).toHaveLength(1);
});

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 }).outputHelp();
  return text;
}

test('an option instead of a value is refused, because a shell drops an empty variable', async () => {
  const pay = ['pay', '--transport', 'emulator', '--payment-method', 'TRUEMONEY'];
  const dropped = await run([...pay, '--order-id', '--json']);
  expect(dropped).toMatchObject({ code: 64, stdout: '' });
  expect(dropped.stderr).toContain('The value is missing; if --json is meant, write --order-id=--json.');
  expect((await run([...pay, '--order-id=--json'])).code).toBe(0);
});

test('every example of a help that needs no other process runs as it is printed', async () => {
  const examples = (await helpExamples()).filter((line) => /^bluetap (demo|encode|decode)\b/.test(line));
  expect(examples.length).toBeGreaterThan(4);
  for (const line of examples) {
    const { code, stderr } = await call(line.split(' ').slice(1));
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  }
});

async function helpExamples(): Promise<string[]> {
  const texts: string[] = [];
  const visit = (command: Command) => {
    command.configureOutput({ writeOut: (text) => texts.push(text) });
    command.outputHelp();
    command.commands.forEach(visit);
  };
  visit(await createProgram());
  return texts
    .join('\n')
    .replaceAll(/ \\\n */g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('bluetap '));
}
