import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { withLock } from '../scripts/lock.mjs';
import { root } from '../scripts/rules/read-packages.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bluetap-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return join(folder, name);
}

const lockModule = JSON.stringify(pathToFileURL(join(root, 'scripts/lock.mjs')).href);

test('scripts/run.mjs passes on the arguments and the exit code, and prints nothing on stdout itself', () => {
  const echo = program('echo.mjs', 'console.log(JSON.stringify(process.argv.slice(1))); process.exitCode = 5;');
  const args = ['--amount', '120.00', '0042', 'two words', '$HOME "quoted"'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), echo, ...args], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 5, stdout: `${JSON.stringify([echo, ...args])}\n`, stderr: '' });
});

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('(C-20) the scripts of package.json leave no shell that does not pass on a signal', () => {
  for (const [name, script] of Object.entries(scripts)) {
    // This script runs a package that is not installed. Only npm can do that.
    if (name !== 'check:packages') expect(script, name).toMatch(/^exec node scripts\//);
  }
});

test('(C-20) the scripts are plain words, with the same meaning in sh, PowerShell and cmd of Windows', () => {
  for (const [name, script] of Object.entries(scripts)) {
    expect(script, name).toMatch(/^[\w@:./ =-]+$/);
    expect(script, name).not.toMatch(/^\w+=/);
  }
  // cmd looks for a command in the current folder first. There it finds exec.cmd, which runs the rest of the line.
  expect(readFileSync(join(root, 'exec.cmd'), 'utf8')).toMatch(/^(@rem [\w ,.:]+\r?\n)*@%\*\r?\n$/);
});

const shells = ['sh', 'bash', 'dash'].filter((shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0);

/** Starts a script of the root with the real npm. */
function npm(shell: string, ...args: string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  const options = ['run', '-s', `--script-shell=${shell}`, ...args];
  return spawn('npm', options, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
}

describe.each(shells)('(C-20) npm with %s', (shell) => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s to npm ends the program, and npm ends with the same exit code',
    async (signal) => {
      const path = join(folder, `${shell}-${signal}`);
      const child = npm(shell, 'bluetap', '--', 'emulate', '--json', '--unix', path);
      const [ready] = await once(child.stdout, 'data');
      const { pid } = JSON.parse(String(ready).split('\n')[0]!);
      child.kill(signal);
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(existsSync(path)).toBe(false);
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
  );

  test('npm passes on arguments, output and the exit code', async () => {
    const words = ['decode', 'two words', '$HOME "quoted"', "it's", '50%'];
    const child = npm(shell, 'bluetap', '--', ...words);
    const [[code], out, errors] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
    const here = spawnSync(process.execPath, [join(root, 'packages/cli/dist/main.js'), ...words], { encoding: 'utf8' });
    expect({ code, out, errors }).toEqual({ code: here.status, out: here.stdout, errors: here.stderr });
    expect(code).not.toBe(0);
  });
});

test('withLock waits while the owner of the lock runs, and takes over the lock of an owner that has ended', async () => {
  const lock = join(folder, 'lock');
  // The owner holds the lock until its stdin ends.
  const hold = `import { withLock } from ${lockModule};
    import { readFileSync } from 'node:fs';
    withLock(process.argv[2], () => { console.log('held'); readFileSync(0); console.log('released'); });`;
  const owner = spawn(process.execPath, [program('hold.mjs', hold), lock], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  owner.stdout.setEncoding('utf8').on('data', (more: string) => {
    said += more;
  });
  await once(owner.stdout, 'data');
  expect(readFileSync(lock, 'utf8')).toBe(String(owner.pid));

  const next = spawn(process.execPath, [program('next.mjs', hold), lock], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [waiting] = await once(next.stderr, 'data');
  expect(String(waiting)).toContain(`Waiting for process ${owner.pid}`);
  expect(said).toBe('held\n');
  owner.stdin.end();
  await Promise.all([once(owner, 'close'), once(next, 'close')]);
  expect(existsSync(lock)).toBe(false);

  // This process has just ended, so it does not run.
  writeFileSync(lock, String(owner.pid));
  withLock(lock, () => expect(readFileSync(lock, 'utf8')).toBe(String(process.pid)));
  expect(existsSync(lock)).toBe(false);
});

test('withLock releases the lock if the work throws or ends the process', () => {
  const lock = join(folder, 'lock');
  expect(() =>
    withLock(lock, () => {
      throw new Error('broken');
    }),
  ).toThrow('broken');
  expect(existsSync(lock)).toBe(false);
  const leave = `import { withLock } from ${lockModule}; withLock(process.argv[2], () => process.exit(3));`;
  expect(spawnSync(process.execPath, [program('leave.mjs', leave), lock]).status).toBe(3);
  expect(existsSync(lock)).toBe(false);
});

interface Made {
  readonly installed?: boolean;
  readonly dry?: string;
  readonly page?: boolean;
}

/**
 * Makes a checkout in which this user may not write: the scripts, and a fake compiler that prints `dry`. Root may write
 * everywhere, so if the tests run as root, the program in the checkout runs as the user nobody.
 */
function unwritable({ installed = true, dry = 'is up to date', page = true }: Made): string {
  const tree = mkdtempSync(join(folder, 'tree-'));
  cpSync(join(root, 'scripts'), join(tree, 'scripts'), { recursive: true });
  const sources = ['panel/src', ...['emulator', 'protocol', 'transport'].map((name) => `packages/${name}/src`)];
  for (const inside of ['node_modules/.pnpm', 'node_modules/typescript/bin', 'packages/control/page', ...sources]) {
    mkdirSync(join(tree, inside), { recursive: true });
  }
  for (const inside of sources) writeFileSync(join(tree, inside, 'a.ts'), '');
  if (page) writeFileSync(join(tree, 'packages/control/page/page.js'), '');
  writeFileSync(join(tree, 'package.json'), readFileSync(join(root, 'package.json')));
  writeFileSync(join(tree, 'pnpm-lock.yaml'), 'one');
  writeFileSync(join(tree, 'node_modules/.pnpm/lock.yaml'), installed ? 'one' : 'another');
  const tsc = `if (process.argv.includes('--dry')) process.stdout.write(${JSON.stringify(dry)}); else throw new Error('a build');`;
  writeFileSync(join(tree, 'node_modules/typescript/bin/tsc'), tsc);
  writeFileSync(join(tree, 'program.mjs'), 'console.log("runs"); process.exitCode = 5;');
  chmodSync(folder, 0o755);
  chmodSync(tree, 0o555);
  return tree;
}

const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function runIn(tree: string) {
  const args = [join(tree, 'scripts/run.mjs'), join(tree, 'program.mjs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...nobody });
  chmodSync(tree, 0o755);
  return { status, stdout, stderr };
}

test('(C-30) a checkout in which this user may not write runs if there is nothing to do', () => {
  expect(runIn(unwritable({}))).toEqual({ status: 5, stdout: 'runs\n', stderr: '' });
  const touched = unwritable({ dry: 'A non-dry build would update timestamps for output of project' });
  expect(runIn(touched)).toEqual({ status: 5, stdout: 'runs\n', stderr: '' });
});

test.each([
  ['its dependencies are not those of pnpm-lock.yaml', { installed: false }],
  ['it is not compiled, or has changed since', { dry: 'A non-dry build would build project' }],
  ['it is not compiled, or has changed since', { dry: '' }],
  ['its page is not built, or has changed since', { page: false }],
])('(C-30) if there is something to do, one line names it: %s', (why, state) => {
  const tree = unwritable(state);
  expect(runIn(tree)).toEqual({
    status: 1,
    stdout: '',
    stderr: `BlueTap: this user may not write in ${tree}, and ${why}. Run "npm run build" there as its owner, or copy the folder.\n`,
  });
});

test('(C-30) the lock of a process that has ended, in a folder in which this user may not write, is ignored', () => {
  const tree = unwritable({});
  chmodSync(tree, 0o755);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(tree, '.prepare.lock'), String(pid));
  chmodSync(tree, 0o555);
  expect(runIn(tree)).toEqual({ status: 5, stdout: 'runs\n', stderr: '' });
});
