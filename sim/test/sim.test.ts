import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mutants } from '../src/mutants/all.js';
import type { Script, Step } from '../src/script.js';
import { scriptOf } from '../src/script-of.js';
import { Tally } from '../src/tally.js';
import { run } from '../src/world.js';

const CALLS: readonly Step['do'][] = ['pay', 'cancel', 'status', 'outcome', 'info'];

const regressions = new URL('../regressions/', import.meta.url);

describe('a run', () => {
  it.each([1, 2, 3, 77, 4_294_967_296])('of seed %i is the same again, byte for byte', async (seed) => {
    const first = await run(scriptOf(seed), { trace: true });
    const again = await run(scriptOf(seed), { trace: true });
    expect(first.trace.length).toBeGreaterThan(40);
    expect(again.trace).toEqual(first.trace);
  });

  it('has at least 20 calls and 5 faults', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const { steps } = scriptOf(seed);
      const calls = steps.filter((step) => CALLS.includes(step.do)).length;
      const taps = steps.filter((step) => step.do === 'tap').length;
      expect(calls).toBeGreaterThanOrEqual(20);
      expect(steps.length - calls - taps).toBeGreaterThanOrEqual(5);
    }
  });
});

describe('the command', () => {
  it('prints the same on stdout for the same seed, and its speed on stderr (C-23)', async () => {
    const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const args = [program, '--seeds', '1', '--seed', '36', '--trace'];
    const [first, again] = await Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, args)));
    expect(again!.stdout).toBe(first!.stdout);
    expect(first!.stdout).toMatch(/^1 seeds from 36 on, every invariant held$/m);
    expect(first!.stdout).not.toContain('seeds a second');
    expect(first!.stderr).toMatch(/^\d+ seeds a second\n$/);
  });
});

describe('the seeded mistakes', () => {
  it.each(mutants)('$name: each patch matches once in what was built', ({ patches }) => {
    for (const { file, find } of patches) {
      const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      expect(source.split(find).length - 1, `${file}: ${find}`).toBe(1);
    }
  });
});

describe('every invariant holds', () => {
  it('for three thousand seeds, which meet every fault, state and outcome that there is', {
    timeout: 300_000,
  }, async () => {
    const tally = new Tally();
    for (let seed = 1; seed <= 3000; seed++) {
      const { violations, hits } = await run(scriptOf(seed));
      tally.add(hits);
      expect(violations, `npm run sim -- --seeds 1 --seed ${seed}`).toEqual([]);
    }
    const wanted = readFileSync(new URL('../coverage.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(wanted.filter((what) => tally.get(what) === 0)).toEqual([]);
  });

  it.each(readdirSync(regressions))('for the script that failed once: %s', async (file) => {
    const script = JSON.parse(readFileSync(new URL(file, regressions), 'utf8')) as Script;
    expect((await run(script)).violations).toEqual([]);
  });
});

describe('a seeded mistake', () => {
  it('is found, and its script shrunk to what the failure needs', { timeout: 60_000 }, async () => {
    const program = fileURLToPath(new URL('../dist/run-mutant.js', import.meta.url));
    const { name } = mutants[0]!;
    const { code, stdout } = await promisify(execFile)(process.execPath, [program, name, '--quiet']).then(
      () => ({ code: 0, stdout: '' }),
      (error: { code: number; stdout: string }) => error,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^seed \d+ fails: .* was executed/);
    const shrunk = /^shrunk to (\d+) steps:/m.exec(stdout);
    expect(Number(shrunk?.[1])).toBeLessThanOrEqual(4);
    expect(stdout).toMatch(/again: npm run sim -- --seed \d+ --seeds 1 --trace\n$/);
  });
});
