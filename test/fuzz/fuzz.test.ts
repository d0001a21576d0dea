import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, readCorpus } from './src/fuzzer/corpus.js';
import { Fuzzer, type Target } from './src/fuzzer/fuzzer.js';
import { readStream } from './src/fuzzer/reference-frames.js';

const main = fileURLToPath(new URL('dist/main.js', import.meta.url));
const seeds = readCorpus().map(({ bytes }) => bytes);

/** Makes a decoder with one fault. It fails for each frame for which `wrong` returns true. */
function mistaken(wrong: (frame: number[]) => boolean): Target {
  return {
    name: 'mistaken',
    batch: 1,
    runs: 1,
    run(bytes) {
      const frames = readStream(bytes).filter((each) => typeof each !== 'string');
      if (frames.some(wrong)) throw new Error('found');
      return frames.map(([, type]) => String(type));
    },
  };
}

it('no input makes a target break its rules, and the times are printed on stderr (C-23)', async () => {
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(code, out + err).toBe(0);
  expect(err).toMatch(/^(?:(?:codec|device|cli|sockets|usbip): [\d.]+ s, \d+ a second\n){5}$/);
  expect(out).not.toContain('a second');
  expect(out).toMatch(/^codec: 60000 inputs.*\ndevice: 20000 .*\ncli: 1000 .*\nsockets: 200 .*\nusbip: 300 .*\n$/);
}, 180_000);

describe('the fuzzer finds a fault, and makes the failing input small', () => {
  it.each<[string, (frame: number[]) => boolean]>([
    ['an amount of nine characters', (frame) => frame[1] === 2 && frame.join().includes(',2,9,')],
    ['a critical tag after another tag', (frame) => frame.at(-8) === 0x80 && frame.length > 15],
    ['a frame of the maximum length', (frame) => frame.length === 127],
    ['another version of the protocol', (frame) => frame[0] === 0x80],
  ])('%s', async (_name, wrong) => {
    const failure = await new Fuzzer(mistaken(wrong), seeds, 7).advance(50_000);
    expect(failure?.error.message).toBe('found');
    // The input is now exactly one whole frame.
    expect(readStream(failure?.bytes ?? new Uint8Array())).toEqual([expect.any(Array)]);
  });

  it('the same seed makes the same inputs', async () => {
    const [one, two, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const tried: string[] = [];
        const run = (bytes: Uint8Array) => [String(tried.push(bytes.toString()))];
        await new Fuzzer({ name: 'deaf', batch: 1, runs: 1, run }, seeds, seed).advance(500);
        return tried.join(' ');
      }),
    );
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });
});

it('a file of the corpus contains hex and comments', () => {
  expect(parse('# a remark\n00 01\n# another\n0203\n')).toEqual(Uint8Array.of(0, 1, 2, 3));
  expect(() => parse('0x00')).toThrow('not hex');
});
