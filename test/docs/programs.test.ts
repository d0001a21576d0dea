import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Emulator } from '../../packages/emulator/src/index.js';
import { listen } from '../../packages/emulator/src/node/index.js';
import { root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, isQuoted, pages, readPage } from './markdown.js';

/** The address that the pages use. Each test replaces it with its own address. */
const ADDRESS = 'tcp://127.0.0.1:4000';
/** The folder that the pages name. The packages are installed in it. */
const folder = join(root, 'examples/pos-program');
const main = join(root, 'packages/cli/dist/main.js');

interface Said {
  readonly code: number;
  readonly said: string;
}

/** Runs Node. Returns the exit code and the output of the process, with stdout before stderr. */
function node(...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr });
    });
  });
}

const program = (text: string) => node('--input-type=module', '--eval', text);
const javascript = (page: string) => blocksOf(readPage(page)).filter(({ language }) => /^(?:js|ts)$/.test(language));

/**
 * Starts a device for the programs of a page. `at` replaces `ADDRESS` in a text by the address of this device. `back`
 * replaces it in the other direction.
 */
async function device() {
  const emulator = new Emulator();
  onTestFinished(() => emulator.close());
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const own = address.replace('tcp://', '');
  return {
    emulator,
    at: (text: string) => text.replaceAll('127.0.0.1:4000', own),
    back: (text: string) => text.replaceAll(own, '127.0.0.1:4000'),
  };
}

describe('README.md', () => {
  const [{ text: snippet } = { text: '' }, ...others] = javascript('README.md');

  it('has one program, of at most fifteen lines', () => {
    expect(others).toEqual([]);
    expect(snippet).toContain(ADDRESS);
    expect(snippet.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15);
  });

  it('has a program that pays, and ends with exit code 0', async () => {
    const { emulator, at } = await device();
    expect(await program(at(snippet))).toEqual({ code: 0, said: 'Please tap your phone.\n' });
    expect(emulator.snapshot).toMatchObject({ state: 'ready', amount: '120.00', orderId: 'POS1-0042' });
  });

  it('has a program that ends with exit code 1 if the payment failed (C-23)', async () => {
    const { emulator, at } = await device();
    emulator.nfcFault = true;
    const said = 'PROCESS_FAIL refused EMU-0001 refused PAY: the NFC part of the device failed (reason 6).\n';
    expect(await program(at(snippet))).toEqual({ code: 1, said });
  });
});

describe('docs/start/first-payment.md', () => {
  const page = 'docs/start/first-payment.md';

  it('has the program of README.md', () => {
    expect(javascript(page)).toEqual(javascript('README.md'));
  });

  it('quotes the output of its steps', async () => {
    const { emulator, at, back } = await device();
    const steps = blocksOf(readPage(page))
      .filter(({ language }) => language === 'console')
      .map(({ text }) => /^\$ ([^\n]*)\n(.*)$/s.exec(text)!);
    expect(steps.map(([, command]) => command!.split(' ')[0])).toEqual(['npm', 'node', 'npm', 'npm', 'npm']);
    for (const [, command, quote] of steps) {
      // The reader does this between the steps.
      if (/taps +1/.test(quote!)) emulator.tap();
      if (/nothing listens/.test(quote!)) await emulator.close();
      const { said } = await run(command!, at);
      expect(isQuoted(quote!, back(said)), `${command}\n${back(said)}`).toBe(true);
    }
  });

  function run(command: string, at: (text: string) => string): Promise<Said> {
    if (command === 'npm start') return node(main, 'demo').then(({ code, said }) => ({ code, said: `npm\n${said}` }));
    if (command.startsWith('node ')) return program(at(javascript(page)[0]!.text));
    return node(main, ...at(command).replace('npm run -s bluetap -- ', '').split(' '));
  }
});

describe('docs/start/outcomes.md', () => {
  const page = 'docs/start/outcomes.md';
  const [{ text: snippet } = { text: '' }] = javascript(page);

  /** Runs the class of the page in virtual time, followed by `body`, the program of the test. */
  async function run(body: string): Promise<string[]> {
    const journal = mkdtempSync(join(tmpdir(), 'bluetap-docs-'));
    onTestFinished(() => rmSync(journal, { recursive: true }));
    const { code, said } = await program(`
import * as misbehaviour from '@bluetap/emulator';
${snippet}
const { Emulator, VirtualClock } = misbehaviour;
const clock = new VirtualClock();
const emulator = new Emulator({ clock });
const show = (orderId, text) => console.log(orderId + ' ' + text);
const start = () => new Pos({ journal: ${JSON.stringify(journal)}, show, transport: emulator.transport(), clock });
const passing = async (work, ms = 6000) => (await Promise.all([work, clock.advance(ms)]))[0];
let pos = start();
await clock.advance(1);
${body}
await passing(pos.close());
await emulator.close();`);
    expect(code, said).toBe(0);
    return said.trimEnd().split('\n');
  }

  const told = new Map(
    [...readPage(page).matchAll(/^\| (`[^|]+?) \|.*\| "(.+)" \|$/gm)].map(([, outcome, text]) => [outcome, text!]),
  );
  const cases: [outcome: string, misbehave: string][] = [
    ['`executed`', ''],
    ['`refused`', 'emulator.nfcFault = true;'],
    ['`not-sent`', 'emulator.unplug(); await clock.advance(1);'],
    ['`not-executed`', "emulator.use(misbehaviour.ignoreRequests(3, { type: 'PAY' }));"],
    ['`unknown`, `pending` true', 'emulator.use(misbehaviour.unplugAfterExecuting());'],
    ['`unknown`, `pending` false', 'emulator.use(misbehaviour.restartAfterExecuting());'],
  ];

  it('has a row for each outcome, and no other', () => {
    expect([...told.keys()]).toEqual(cases.map(([outcome]) => outcome));
  });

  it.each(cases)('its program prints the text of its table for %s', async (outcome, misbehave) => {
    expect(await run(`${misbehave} await passing(pos.charge('A/1', '120.00'));`)).toEqual([`A/1 ${told.get(outcome)}`]);
  });

  it('does not charge an order that is in doubt, and resolves the doubt when the device is back', async () => {
    const pending = told.get('`unknown`, `pending` true');
    const lines = await run(`
emulator.use(misbehaviour.unplugAfterExecuting());
await passing(pos.charge('A1', '120.00'));
await passing(pos.charge('A1', '120.00'));
emulator.plug();
await clock.advance(3000);`);
    expect(lines).toEqual([`A1 ${pending}`, `A1 ${pending}`, `A1 ${told.get('`executed`')}`]);
  });

  it('resolves a doubt that lasts longer than the program', async () => {
    const lines = await run(`
emulator.use(misbehaviour.unplugAfterExecuting());
void pos.charge('A1', '120.00');
await clock.advance(100);
pos.show = () => {};
await passing(pos.close());
emulator.plug();
pos = start();
await clock.advance(3000);`);
    expect(lines).toEqual([`A1 ${told.get('`executed`')}`]);
  });
});

it('a test in this file runs every JavaScript program of README.md and docs/start', () => {
  const all = pages().filter((page) => page === 'README.md' || page.startsWith('docs/start/'));
  expect(all.toSorted()).toEqual(['README.md', 'docs/start/first-payment.md', 'docs/start/outcomes.md']);
  expect(all.map((page) => javascript(page).length)).toEqual([1, 1, 1]);
});
