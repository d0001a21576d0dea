// The scripts of package.json under cmd, which is what npm starts on Windows. Each program that a script starts is
// replaced with one that tells its arguments, because the tools of this repository are installed for Linux.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { run } from './bluetap.js';

const root = `Z:${process.env['BLUETAP_ROOT']}`;
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const tree = mkdtempSync(join(tmpdir(), 'bluetap-scripts-'));
after(() => rmSync(tree, { recursive: true }));
cpSync(join(root, 'exec.cmd'), join(tree, 'exec.cmd'));

const TELL = 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 5;';

/** The scripts that start Node. The only other script starts npm. */
const ofNode = Object.entries(scripts).filter(([name]) => name !== 'check:packages');

describe('the scripts of package.json under cmd', () => {
  for (const [name, script] of ofNode) {
    test(`${name} starts, with its arguments and its exit code`, async () => {
      const [, , program = '', ...words] = script.split(' ');
      mkdirSync(join(tree, dirname(program)), { recursive: true });
      writeFileSync(join(tree, program), TELL);
      const { code, out, err } = await run('cmd', '/d', '/s', '/c', `cd /d ${tree} && ${script} --one 0042`);
      assert.deepEqual(
        { code, told: JSON.parse(out || 'null'), err },
        { code: 5, told: [...words, '--one', '0042'], err: '' },
      );
    });
  }

  test('without exec.cmd, no script would start', async () => {
    const { code } = await run('cmd', '/d', '/s', '/c', `cd /d C:\\ && ${scripts['start']}`);
    assert.notEqual(code, 5);
  });
});
