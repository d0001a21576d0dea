import type { DeviceInfo, Transport } from '@bluetap/transport';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveUnread } from '../src/output/output.js';
import { type Change, watchAll } from '../src/watch/changes.js';
import { call } from './cli.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Makes a transport with one device. Each `change` attaches or detaches the device. */
function restless() {
  let devices: readonly DeviceInfo[] = [];
  let tellChange = () => {};
  let begin = () => {};
  /** Resolves when the command watches the transport. The program must load the command first. */
  const watched = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const transport: Transport = {
    name: 'hid',
    list: async () => devices,
    open: () => Promise.reject(new Error('unused')),
    watch: (onChange) => {
      tellChange = onChange;
      begin();
      return () => {};
    },
  };
  const change = async () => {
    devices = devices.length === 0 ? [{ id: 'x', serialNumber: 'A1' }] : [];
    tellChange();
    await turn();
  };
  return { transport, watched, change };
}

test.each([
  [['watch', '--json'], /^\{"time":".*","event":"skipped","count":5\}$/],
  [['watch'], /^5 lines left out: they came faster than they were read$/],
])('%j keeps no lines for a reader that does not read', async (args, skipped) => {
  const { transport, watched, change } = restless();
  const before = process.stdout.listenerCount('error');
  const waiting = vi.spyOn(process.stdout, 'writableLength', 'get').mockReturnValue(2 << 20);
  const watching = call(args, () => [transport]);
  await watched;
  await turn();
  for (let count = 0; count < 5; count++) await change();
  waiting.mockReturnValue(0);
  process.stdout.emit('drain');
  await change();
  expect(process.stdout.listenerCount('error')).toBe(before + 1);
  process.stdout.emit('error', new Error('nobody reads'));
  const { code, stdout } = await watching;
  const [first, second, ...others] = stdout.split('\n');
  expect({ code, others }).toEqual({ code: 0, others: [''] });
  expect(first).toMatch(skipped);
  expect(second).toContain('detached');
});

test('output that is not read keeps the process running for one second only', () => {
  vi.useFakeTimers();
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const waiting = vi.spyOn(process.stdout, 'writableLength', 'get').mockReturnValue(0);
  leaveUnread();
  vi.advanceTimersByTime(5000);
  expect(exit).not.toHaveBeenCalled();
  waiting.mockReturnValue(1);
  leaveUnread();
  vi.advanceTimersByTime(999);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledOnce();
});

test('many changes during one slow list cause only one more list', async () => {
  let looks = 0;
  let answer = (_: readonly DeviceInfo[]): void => {};
  let tellChange = () => {};
  const transport: Transport = {
    name: 'hid',
    list: () => {
      looks++;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    open: () => Promise.reject(new Error('unused')),
    watch: (onChange) => {
      tellChange = onChange;
      return () => {};
    },
  };
  const changes: Change[] = [];
  const stop = watchAll([transport], (change) => changes.push(change));
  for (let count = 0; count < 1000; count++) tellChange();
  expect(looks).toBe(1);
  answer([]);
  await turn();
  expect(looks).toBe(2);
  answer([{ id: 'x' }]);
  await turn();
  expect(looks).toBe(2);
  expect(changes).toMatchObject([{ event: 'attached' }]);
  tellChange();
  expect(looks).toBe(3);
  stop();
  answer([]);
  await turn();
  expect({ looks, told: changes.length }).toEqual({ looks: 3, told: 1 });
});
