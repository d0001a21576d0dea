import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Emulator, loseReplies, unplugAfterExecuting } from '../../packages/emulator/src/index.js';
import { listen } from '../../packages/emulator/src/node/index.js';
import { root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, readPage } from './markdown.js';

const blocks = blocksOf(readPage('docs/guides/python.md'));
const DEBIAN = '/usr/bin/python3';
const python = existsSync(DEBIAN) ? DEBIAN : 'python3';

/** Returns the program of the page that contains a text, and the output that the page shows after it. */
function example(part: string): { program: string; shown: string[] } {
  const at = blocks.findIndex(({ language, text }) => language === 'python' && text.includes(part));
  const next = blocks[at + 1];
  const lines = next?.language === 'console' ? next.text.trimEnd().split('\n') : [];
  return { program: blocks[at]?.text ?? '', shown: lines.filter((line) => !line.startsWith('$ ')) };
}

describe('docs/guides/python.md: each program prints what the page shows', () => {
  let emulator: Emulator;
  let address: string;
  let folder: string;
  let closing: () => Promise<void>;

  beforeEach(async () => {
    emulator = new Emulator();
    const tcp = await listen(emulator, { tcp: '127.0.0.1:0' });
    address = tcp.address;
    closing = () => tcp.close();
    folder = mkdtempSync(join(tmpdir(), 'python-guide-'));
  });

  afterEach(async () => {
    await closing();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts a program of the page. `seen(text)` waits until it has printed a text. `end()` returns all it printed. */
  function start(program: string, ...args: string[]) {
    const file = join(folder, 'program.py');
    // The short time limit saves time. Nothing is measured with it.
    writeFileSync(file, program.replace('tcp://127.0.0.1:4000', address).replace('timeout=2)', 'timeout=1.5)'));
    const env = { ...process.env, PYTHONPATH: join(root, 'clients/python/src'), BLUETAP_TRANSPORT: address };
    const child = spawn(python, ['-B', file, ...args], { cwd: folder, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    const ended = once(child, 'close');
    return {
      child,
      seen: (text: string) => expect.poll(() => stdout, { timeout: 20_000, interval: 5 }).toContain(text),
      end: async () => {
        await ended;
        const lines = (text: string) => text.replaceAll(address, 'tcp://127.0.0.1:4000').trimEnd().split('\n');
        return { stdout: lines(stdout), stderr: lines(stderr) };
      },
    };
  }

  it('the program for the vendor’s library', async () => {
    const { program, shown } = example('TinyCommand');
    const printed = await start(program).end();
    expect(printed.stdout).toEqual(shown.filter((line) => !line.startsWith('bluetaplib:')));
    expect(printed.stderr).toEqual(shown.filter((line) => line.startsWith('bluetaplib:')));
    expect(printed.stderr).toHaveLength(1);
  });

  it('the program with the client', async () => {
    const { program, shown } = example('client.status()');
    expect(await start(program).end()).toEqual({ stdout: shown, stderr: [''] });
  });

  it('the events', async () => {
    const { program, shown } = example('sys.stdin.readline()');
    const pos = start(program);
    // The events come after the result of the call.
    await pos.seen('connected');
    emulator.tap();
    await pos.seen('link');
    emulator.unplug();
    await pos.seen('disconnected');
    pos.child.stdin.end('\n');
    expect(await pos.end()).toEqual({ stdout: shown, stderr: [''] });
  });

  it('the doubt that is asked about after a restart', async () => {
    const { program, shown } = example('in-doubt.json');
    emulator.use(unplugAfterExecuting());
    const printed: string[] = [];
    for (const order of [
      ['POS1-0045', '50.00'],
      ['POS1-0046', '10.00'],
      ['POS1-0046', '10.00'],
    ]) {
      if (printed.length === 2) emulator.plug();
      const { stdout, stderr } = await start(program, ...order).end();
      printed.push(...[...stdout, ...stderr].filter((line) => line !== ''));
    }
    // The code and the advice depend on the moment at which the time limit ends the search for the device.
    const facts = (line: string) => line.replace(/: [A-Z_]+, unknown/, ': unknown').replace(/(in doubt: ).*/, '$1');
    expect(printed.map(facts)).toEqual(shown.map(facts));
    expect(existsSync(join(folder, 'in-doubt.json'))).toBe(false);
  });

  it('Ctrl-C in the middle of a call', async () => {
    emulator.use(loseReplies(100, { type: 'PAY' }));
    const pos = start(example('KeyboardInterrupt').program);
    await expect.poll(() => emulator.snapshot.state, { timeout: 20_000, interval: 5 }).toBe('ready');
    pos.child.kill('SIGINT');
    expect(await pos.end()).toEqual({ stdout: ['unknown 1', 'executed 0'], stderr: [''] });
  });
});
