import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as behaviours from '../../packages/emulator/src/index.js';
import { Client, type CommandResult } from '../../packages/sdk/src/index.js';
import { root } from '../../scripts/rules/read-packages.mjs';
import { blocksOf, readPage } from './markdown.js';

const page = readPage('docs/guides/testing-your-pos.md');

it('the guide has a test in virtual time that does what its comments say', async () => {
  const program = blocksOf(page).find(({ language }) => language === 'ts')?.text ?? '';
  let claims = 0;
  const checked = program.replaceAll(/^(.+); \/\/ '(\w+)'.*$/gm, (_, value, expected) => {
    claims++;
    return `assert.equal(${value}, '${expected}');`;
  });
  expect(claims).toBe(2);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', `import assert from 'node:assert/strict';\n${checked}`],
    { cwd: join(root, 'examples/test-your-pos') },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});

interface Scene {
  readonly emulator: behaviours.Emulator;
  readonly clock: behaviours.VirtualClock;
  readonly pay: () => Promise<void>;
}

describe('each misbehaviour has the result that the guide names (C-22)', () => {
  const rows = [...page.matchAll(/^\| ([^|]+) \| `([^|]+)` \| `(\w+)` `([\w-]+)`( pending)? \| [^|]+ \|$/gm)].map(
    ([, what, how, code, outcome, pending]) => ({ what, how: how!, code, outcome, pending: pending !== undefined }),
  );

  it('the table has more than ten rows', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it.each(rows)('$what', async ({ how, code, outcome, pending }) => {
    const clock = new behaviours.VirtualClock();
    const emulator = new behaviours.Emulator({ clock });
    const client = new Client({ transport: emulator.transport(), clock });
    let result: CommandResult | undefined;
    const pay = async () => {
      result = await client.pay({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' });
    };
    await misbehave(`${how}; void pay();`, { emulator, clock, pay });
    await clock.advance(5000);
    expect(result).toMatchObject({ code, outcome, pending });
    const closing = client.close();
    await clock.advance(1000);
    await closing;
    await emulator.close();
  });

  /** Runs the code in a cell of the table. The code after it runs in the same turn of the event loop. */
  async function misbehave(how: string, scene: Scene): Promise<void> {
    const names = { ...behaviours, ...scene };
    const AsyncFunction = Object.getPrototypeOf(misbehave).constructor;
    await new AsyncFunction(...Object.keys(names), how)(...Object.values(names));
  }
});
