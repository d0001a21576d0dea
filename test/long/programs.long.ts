import { expect, test } from 'vitest';
import { run } from './figures-of.js';

// Each row is a program in a separate process, with its own time limit. The first lines of each program name its
// settings.
test.each([
  ['cancel', 'a cancel, an abort and the end of the time at every millisecond around a pay'],
  ['devices', '1,000 devices with a client each, and 10,000 idle ones, in one process'],
  ['sockets', 'hosts that send garbage and vanish'],
  ['soak', 'a POS at work for a long time'],
])('%s: %s', async (program) => {
  expect(await run(program)).toEqual([]);
});
