// Tests `bluetap decode`. Most inputs call the function of the command. Some inputs start a process.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Target } from '../fuzzer/fuzzer.js';
import { Random, seedOf } from '../fuzzer/random.js';
import { decodeWire, run } from './compiled-packages.js';

const main = fileURLToPath(new URL('../../../../packages/cli/dist/main.js', import.meta.url));

/** The maximum number of processes. One process takes as much time as a thousand calls. */
const MOST_PROCESSES = 300;
const ONE_IN = 100;
let processes = 0;

export const cli: Target = {
  name: 'cli',
  batch: 50,
  runs: 1000,
  async run(bytes) {
    const random = new Random(seedOf(bytes));
    const text = write(bytes, random);
    const ended = await call(['decode', '--', text]);
    const kind = check(text, ended);
    // An argument of a process cannot contain a zero, or one half of a surrogate pair.
    if (random.oneIn(ONE_IN) && processes < MOST_PROCESSES && /^[^\0\ud800-\udfff]*$/.test(text)) {
      processes++;
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'decode', '--', text], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      assert.deepEqual({ code: status, stdout, stderr }, ended, 'a process has the same result');
    }
    return [kind];
  },
  note: () => `, ${processes} processes`,
};

/** The result of the command. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes bytes as a person or a tool writes them, sometimes with characters that are wrong. */
function write(bytes: Uint8Array, random: Random): string {
  const hex = Buffer.from(bytes).toString('hex');
  let text = random.oneIn(3) ? (hex.match(/../g) ?? []).join(random.pick([' ', ':', '  ', '\n', '\t'])) : hex;
  if (random.oneIn(3)) text = text.toUpperCase();
  if (random.oneIn(4)) {
    const at = random.below(text.length + 1);
    const odd = ['0', 'g', ' ', ':', '\0', '\n', '-', '0x', 'é', '\ud800', '１', 'ｆ', '\u2028', '"'];
    text = text.slice(0, at) + random.pick(odd) + text.slice(at + random.below(2));
  }
  return text;
}

function check(text: string, { code, stdout, stderr }: Ended): string {
  const hex = /^(?:[\s:]*[\da-f]{2})*[\s:]*$/i.test(text) ? text.replace(/[\s:]/g, '') : undefined;
  assert.match(stdout, /^(?:[^\n]+\n)?$/, 'at most one line on stdout');
  if (hex === undefined) {
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^bluetap: HEX must be pairs of hex digits, but .+\n$/s);
    return 'no hex';
  }
  const found = decodeWire(Uint8Array.from(Buffer.from(hex, 'hex')));
  const [only] = found;
  if (!only || found.length > 1) {
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^bluetap: There (?:is no frame|are \d+ frames).*\n$/);
    return only ? 'many' : 'none';
  }
  assert.deepEqual(JSON.parse(stdout), only.ok ? only.message : only.error);
  assert.equal(code, only.ok ? 0 : 1);
  if (only.ok) assert.equal(stderr, '');
  else assert.match(stderr, /^bluetap: The frame is .+\.\n$/);
  return only.ok ? only.message.type : only.error.code;
}

async function call(args: string[]): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const originals = [stdout.write, stderr.write] as const;
  stdout.write = (text: string | Uint8Array) => {
    texts.stdout += text;
    return true;
  };
  stderr.write = (text: string | Uint8Array) => {
    texts.stderr += text;
    return true;
  };
  process.exitCode = undefined;
  try {
    await run(args);
    return { code: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = undefined;
    [stdout.write, stderr.write] = originals;
  }
}
