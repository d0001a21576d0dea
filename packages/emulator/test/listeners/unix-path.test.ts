import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Emulator } from '@bluetap/emulator';
import { type Listener, listen } from '@bluetap/emulator/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenAtPath } from '../../src/listeners/unix-path.js';
import { SocketHost } from '../socket-host.js';

let directory: string;
let path: string;
let emulator: Emulator;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bluetap-'));
  path = join(directory, 'listener');
  emulator = new Emulator();
});

afterEach(async () => {
  await emulator.close();
  rmSync(directory, { recursive: true });
});

/** Makes a socket file without a listening process, as a killed process leaves it. */
async function leaveStale(at = path): Promise<void> {
  const server = await bind(join(directory, 'first'));
  linkSync(join(directory, 'first'), at);
  await new Promise((closed) => server.close(closed));
}

function bind(at: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(at, () => resolve(server));
  });
}

const busy = { status: 'rejected', reason: expect.objectContaining({ code: 'busy' }) };

test('(C-18) if several start on one stale path at the same time, one wins and answers its host', async () => {
  for (let round = 0; round < 50; round++) {
    await leaveStale();
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => listen(emulator, { unix: path })));
    const listeners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(listeners).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([busy, busy]);
    const host = new SocketHost(listeners[0]!.address);
    await host.hello();
    expect(readdirSync(directory)).toEqual(['listener']);
    await listeners[0]!.close();
    expect(readdirSync(directory)).toEqual([]);
  }
});

test('(C-18) if several start on a free path, one wins too', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => listen(emulator, { unix: path })));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
});

const library = (name: string) =>
  JSON.stringify(pathToFileURL(fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url))).href);

/** A program that listens on command, reports the result, and closes on command. */
const CONTENDER = `
  import { Emulator } from ${library('index')};
  import { listen } from ${library('node/index')};
  const emulator = new Emulator();
  let listener;
  process.on('message', async (told) => {
    if (told === 'close') await listener?.close();
    else listener = await listen(emulator, { unix: told }).catch(() => undefined);
    process.send(listener !== undefined);
  });
  process.send(true);`;

test('(C-18) the same between processes, and only the owner removes the file', async () => {
  const program = join(directory, 'contender.mjs');
  writeFileSync(program, CONTENDER);
  const contenders = [fork(program, { execArgv: [] }), fork(program, { execArgv: [] })];
  const ask = (to: ChildProcess, what: string) => {
    const answer = once(to, 'message').then(([won]) => won as boolean);
    to.send(what);
    return answer;
  };
  try {
    await Promise.all(contenders.map((each) => once(each, 'message')));
    for (let round = 0; round < 100; round++) {
      await leaveStale();
      const won = await Promise.all(contenders.map((each) => ask(each, path)));
      expect(won.filter(Boolean), `round ${round}`).toHaveLength(1);
      // The loser has no file, so its close removes nothing.
      await ask(contenders[won.indexOf(false)]!, 'close');
      expect(existsSync(path)).toBe(true);
      await ask(contenders[won.indexOf(true)]!, 'close');
      expect(existsSync(path)).toBe(false);
    }
  } finally {
    const ended = contenders.map((each) => once(each, 'exit'));
    for (const each of contenders) each.kill('SIGKILL');
    await Promise.all(ended);
  }
});

test('(C-18) close does not remove a socket that another process has put there later', async () => {
  const listener = await listen(emulator, { unix: path });
  rmSync(path);
  const other = await bind(path);
  const { ino } = lstatSync(path);
  await listener.close();
  expect(lstatSync(path).ino).toBe(ino);
  await new Promise((closed) => other.close(closed));
});

test('(C-18) the longest possible path, with the shortest name', async () => {
  const long = join(directory, 'd'.repeat(107 - directory.length - 3));
  spawnSync('mkdir', [long]);
  const listeners: Listener[] = [];
  for (const name of ['a', 'b', 'c']) listeners.push(await listen(emulator, { unix: join(long, name) }));
  expect(readdirSync(long).toSorted()).toEqual(['a', 'b', 'c']);
});

test('(C-18) on a file system without links: one gets a free or stale path; a socket in use is not replaced', async () => {
  const noLinks = () => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  };
  for (const stale of [false, true]) {
    if (stale) await leaveStale();
    const servers = Array.from({ length: 3 }, () => createServer());
    const outcomes = await Promise.allSettled(servers.map((server) => listenAtPath(server, path, noLinks)));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(listen(emulator, { unix: path })).rejects.toMatchObject({ code: 'busy' });
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') continue;
      outcome.value();
      await new Promise((closed) => servers[at]!.close(closed));
    }
    expect(readdirSync(directory)).toEqual([]);
  }
});

test('(C-18) a lock that a killed process left: the error names it, and the path is not taken', async () => {
  await leaveStale();
  writeFileSync(`${path}.lock`, '');
  await expect(listen(emulator, { unix: path })).rejects.toMatchObject({
    code: 'busy',
    message: `another process is taking ${path}; if no such process runs, remove ${path}.lock`,
  });
  rmSync(`${path}.lock`);
  await listen(emulator, { unix: path });
});

test('(C-18) any other failure while the path is taken is reported, and leaves no file', async () => {
  const server = createServer();
  const full = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  await expect(listenAtPath(server, path, full)).rejects.toMatchObject({
    code: 'io',
    message: `cannot listen on unix:${path}: check the path (ENOSPC: no space left on device)`,
  });
  expect([server.listening, readdirSync(directory)]).toEqual([false, []]);
});

test('(C-16) a path with control characters is printed without them', async () => {
  const hostile = join(directory, 'a\u001b[2J\nSUCCESS');
  writeFileSync(hostile, '');
  await expect(listen(emulator, { unix: hostile })).rejects.toMatchObject({
    message: `${directory}/a\\u001b[2J\\u000aSUCCESS exists and is not a socket, so it was not replaced: remove it, or choose another path`,
  });
  await expect(listen(emulator, { unix: join(directory, 'no\n', 'listener') })).rejects.toMatchObject({
    message: expect.stringContaining('no\\u000a/listener: '),
  });
});
