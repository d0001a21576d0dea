import { describe, expect, it, vi } from 'vitest';
import { BlockedClock } from '../../src/conformance/index.js';
import { TransportError } from '../../src/index.js';
import { bounded, noAnswer } from '../../src/kit/index.js';
import { ManualClock } from './manual-clock.js';

const tooLong = new TransportError('timeout', 'too long');
const bounds = (clock: ManualClock, more: object = {}) => ({
  clock,
  timeoutMs: 3000,
  timedOut: () => tooLong,
  ...more,
});

it('returns the result of the call, synchronous or later, and leaves no timer', async () => {
  const clock = new ManualClock();
  expect(await bounded(() => 1, bounds(clock))).toBe(1);
  expect(await bounded(async () => 2, bounds(clock))).toBe(2);
  expect(clock.pending).toBe(0);
});

it('rejects with the error of the call, synchronous or later', async () => {
  const clock = new ManualClock();
  const why = new Error('native');
  await expect(
    bounded(() => {
      throw why;
    }, bounds(clock)),
  ).rejects.toBe(why);
  await expect(bounded(() => Promise.reject(why), bounds(clock))).rejects.toBe(why);
  expect(clock.pending).toBe(0);
});

it('rejects when the time is over, and a late answer goes to onLate or is ignored', async () => {
  const clock = new ManualClock();
  const onLate = vi.fn();
  let answer!: (value: number) => void;
  let fail!: (error: Error) => void;
  const late = bounded(() => new Promise<number>((resolve) => (answer = resolve)), bounds(clock, { onLate }));
  const never = bounded(() => new Promise<number>((_, reject) => (fail = reject)), bounds(clock, { onLate }));
  const both = Promise.all([expect(late).rejects.toBe(tooLong), expect(never).rejects.toBe(tooLong)]);
  await clock.advance(3000);
  await both;
  answer(7);
  fail(new Error('late'));
  await clock.advance(0);
  expect(onLate.mock.calls).toEqual([[7]]);
});

it('after an abort waits until the device is closed, and rejects with the reason', async () => {
  const clock = new ManualClock();
  const reason = new Error('changed my mind');
  const controller = new AbortController();
  const closed: number[] = [];
  let answer!: (value: number) => void;
  const call = bounded(
    () => new Promise<number>((resolve) => (answer = resolve)),
    bounds(clock, { signal: controller.signal, onLate: async (late: number) => void closed.push(late) }),
  );
  const rejected = expect(call).rejects.toBe(reason);
  controller.abort(reason);
  answer(7);
  await rejected;
  expect(closed).toEqual([7]);
  expect(clock.pending).toBe(0);
});

it('an abort of a call that hangs rejects with the reason when the time is over', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const call = expect(bounded(() => new Promise(() => {}), bounds(clock, { signal: controller.signal }))).rejects.toBe(
    1,
  );
  controller.abort(1);
  await clock.advance(3000);
  await call;
});

it('does not start the call if the signal was aborted', async () => {
  const work = vi.fn();
  await expect(bounded(work, bounds(new ManualClock(), { signal: AbortSignal.abort(1) }))).rejects.toBe(1);
  expect(work).not.toHaveBeenCalled();
});

describe('a program that was blocked while it waited (C-28)', () => {
  it('gets the answer that came during the block', async () => {
    const clock = new BlockedClock();
    let answer!: (value: number) => void;
    const call = bounded(() => new Promise<number>((resolve) => (answer = resolve)), {
      ...bounds(new ManualClock()),
      clock,
    });
    clock.block(7000);
    answer(1);
    expect(await call).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('gets an error that says so if no answer came', async () => {
    const clock = new BlockedClock();
    const timedOut = (stoodStillMs: number) => noAnswer('listing', 3000, stoodStillMs);
    const call = bounded(() => new Promise(() => {}), { ...bounds(new ManualClock()), clock, timedOut });
    clock.block(7000);
    clock.block(100);
    await expect(call).rejects.toMatchObject({
      code: 'timeout',
      message: 'listing took longer than 3000 ms: plug the device in again; this program was blocked for 4000 ms',
    });
  });
});
