// `bluetap decode`: through the function behind the command, and now and then as a process.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { decodeWire, run } from '../built.mjs';
import { Random, seedOf } from '../random.mjs';

const main = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

/** A process costs as much as a thousand calls. */
const MOST_PROCESSES = 300;
const ONE_IN = 100;
let processes = 0;

/** @type {import('../engine.mjs').Target} */
export const cli = {
  name: 'cli',
  batch: 50,
  runs: 1000,
  async run(bytes) {
    const random = new Random(seedOf(bytes));
    const text = write(bytes, random);
    const ended = await call(['decode', '--', text]);
    const kind = check(text, ended);
    // An argument of a process cannot hold a zero, nor half of a surrogate pair.
    if (random.chance(ONE_IN) && processes < MOST_PROCESSES && /^[^\0\ud800-\udfff]*$/.test(text)) {
      processes++;
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'decode', '--', text], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      assert.deepEqual({ code: status, stdout, stderr }, ended, 'a process does the same');
    }
    return [kind];
  },
  note: () => `, ${processes} processes`,
};

/** How a person or a tool writes bytes, and how a cat on the keyboard does. @param {Uint8Array} bytes @param {Random} random */
function write(bytes, random) {
  const hex = Buffer.from(bytes).toString('hex');
  let text = random.chance(3) ? (hex.match(/../g) ?? []).join(random.pick([' ', ':', '  ', '\n', '\t'])) : hex;
  if (random.chance(3)) text = text.toUpperCase();
  if (random.chance(4)) {
    const at = random.below(text.length + 1);
    const odd = ['0', 'g', ' ', ':', '\0', '\n', '-', '0x', 'é', '\ud800', '１', 'ｆ', '\u2028', '"'];
    text = text.slice(0, at) + random.pick(odd) + text.slice(at + random.below(2));
  }
  return text;
}

/** @param {string} text @param {{ code: number, stdout: string, stderr: string }} ended */
function check(text, { code, stdout, stderr }) {
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

/** @param {string[]} args */
async function call(args) {
  const texts = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const originals = [stdout.write, stderr.write];
  stdout.write = (/** @type {string | Uint8Array} */ text) => {
    texts.stdout += text;
    return true;
  };
  stderr.write = (/** @type {string | Uint8Array} */ text) => {
    texts.stderr += text;
    return true;
  };
  process.exitCode = undefined;
  try {
    await run(args);
    return { code: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = undefined;
    [stdout.write, stderr.write] = /** @type {[typeof stdout.write, typeof stderr.write]} */ (originals);
  }
}
