import { VirtualClock } from '@bluetap/emulator';
import { expect, it } from 'vitest';
import { Scope } from '../src/abort.js';

it('a scope without a time of its own lasts until a parent ends it', async () => {
  const clock = new VirtualClock();
  const parent = new AbortController();
  const scope = new Scope(clock, [undefined, parent.signal]);
  expect(clock.pending).toBe(0);
  await clock.advance(1e9);
  expect(scope.signal.aborted).toBe(false);
  parent.abort('enough');
  expect(scope.signal.reason).toBe('enough');
});
