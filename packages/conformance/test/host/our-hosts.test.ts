import { fileURLToPath } from 'node:url';
import { hostCases, judgeHost } from '@bluetap/conformance';
import { describe, test } from 'vitest';
import { sdkProgram } from './hosts.js';

/** The compiled program of `npm run bluetap`. `npm test` compiles it first. */
const cli = [process.execPath, fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url))];

describe('our own hosts', () => {
  test('the command passes every situation', async ({ expect }) => {
    const { cases, ending } = await judgeHost({ command: cli });
    expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(ending).toBe('complete');
    expect(cases).toHaveLength(hostCases(false).length);
  }, 180_000);

  test('the SDK passes what several calls of one process show', async ({ expect }) => {
    const single = new Set(hostCases(false).map(({ name }) => name));
    const situations = hostCases().flatMap(({ name }) => (single.has(name) ? [] : [name]));
    const { cases, counts } = await judgeHost({ command: sdkProgram, lines: true, situations });
    expect(cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(counts.proven).toBeGreaterThan(situations.length);
  }, 180_000);
});
