import { expect, it } from 'vitest';
import { permissionDenied, pollForChanges } from '../../src/kit/index.js';
import { ManualClock } from './manual-clock.js';

it('tells what it sees first, and then each change, once a second; not when it cannot look, and not after its end', async () => {
  const clock = new ManualClock();
  let told = 0;
  let seen: string | undefined = 'a';
  const stop = pollForChanges(
    clock,
    async () => {
      if (seen === 'broken') throw new Error('no USB');
      return seen;
    },
    () => told++,
  );
  await clock.advance(0);
  expect(told).toBe(1);
  await clock.advance(5000);
  expect(told).toBe(1);
  for (const next of ['b', 'broken', undefined, 'b']) {
    seen = next;
    await clock.advance(1000);
  }
  expect(told).toBe(2);
  seen = 'c';
  stop();
  await clock.advance(5000);
  expect(told).toBe(2);
  expect(clock.pending).toBe(0);
});

it('a watch that was stopped while it looked is over', async () => {
  const clock = new ManualClock();
  let told = 0;
  const stop = pollForChanges(
    clock,
    async () => 'a',
    () => told++,
  );
  stop();
  await clock.advance(5000);
  expect(told).toBe(0);
  expect(clock.pending).toBe(0);
});

it('what grants the permission depends on the system', () => {
  const messages = ['linux', 'darwin', 'win32'].map((platform) => permissionDenied('it', undefined, platform).message);
  expect(messages[0]).toContain('bluetap udev-rules');
  expect(messages[1]).toContain('Input Monitoring');
  expect(messages[2]).toBe('this user may not open it: run it as a user who may open the device');
});
