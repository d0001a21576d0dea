import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { connectError } from '../src/errors.js';

const TCP = 'tcp://127.0.0.1:4000';
const UNIX = 'unix:/run/bluetap.sock';

it.each([
  [
    TCP,
    'ECONNREFUSED',
    'not-found',
    `nothing listens at ${TCP}: start a device there with \`bluetap emulate --tcp 127.0.0.1:4000\``,
  ],
  [
    UNIX,
    'ECONNREFUSED',
    'not-found',
    `nothing listens at ${UNIX}: start a device there with \`bluetap emulate --unix /run/bluetap.sock\``,
  ],
  [UNIX, 'ENOENT', 'not-found', `nothing listens at ${UNIX}`],
  [UNIX, 'ENOTDIR', 'not-found', `nothing listens at ${UNIX}`],
  [UNIX, 'ENOTSOCK', 'not-found', `nothing listens at ${UNIX}`],
  [TCP, 'ENOTFOUND', 'not-found', 'is not known: check the name'],
  [TCP, 'EHOSTUNREACH', 'not-found', 'cannot be reached from here'],
  [TCP, 'ENETUNREACH', 'not-found', 'cannot be reached from here'],
  [UNIX, 'EACCES', 'permission-denied', 'the user needs write permission on the socket'],
  [UNIX, 'EPERM', 'permission-denied', 'the user needs write permission on the socket'],
  [TCP, 'EACCES', 'permission-denied', 'a firewall or a sandbox'],
  [TCP, 'ETIMEDOUT', 'timeout', 'does not answer'],
  [TCP, 'ECONNRESET', 'disconnected', 'closed the connection immediately'],
  [UNIX, 'EPIPE', 'disconnected', 'closed the connection immediately'],
  [TCP, 'EAI_AGAIN', 'io', 'could not be looked up now'],
  [TCP, 'EMFILE', 'io', 'connect EMFILE'],
  [TCP, undefined, 'io', 'connect undefined'],
])('%s %s is %s', (address, code, expected, message) => {
  const cause = Object.assign(new Error(`connect ${code}`), code === undefined ? {} : { code });
  const error = connectError(address, cause);
  expect(error.code).toBe(expected);
  expect(error.message).toContain(address);
  expect(error.message).toContain(message);
  expect(error.cause).toBe(cause);
});

it.each([
  [fileURLToPath(import.meta.url), 'ECONNREFUSED'],
  [fileURLToPath(import.meta.url), 'EACCES'],
  [fileURLToPath(new URL('.', import.meta.url)), 'ENOTSOCK'],
])('%s is another kind of file and not a socket, although the system reports %s', (path, code) => {
  const cause = Object.assign(new Error(`connect ${code}`), { code });
  const error = connectError(`unix:${path}`, cause);
  expect(error).toMatchObject({ code: 'not-found', cause });
  expect(error.message).toContain(`unix:${path} is not a socket`);
  expect(error.message).not.toContain('nothing listens');
});
