import { Emulator, VirtualClock } from '@bluetap/emulator';
import { expect, test } from 'vitest';
import { judgeDevice } from '../../src/index.js';
import { inVirtualTime } from './in-virtual-time.js';

test('the emulated device keeps every rule that can be shown', async () => {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock });
  const report = await inVirtualTime(clock, judgeDevice({ transport: emulator.transport(), clock }));
  expect(report.cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  expect(report.ending).toBe('complete');
  expect(report.counts.proven).toBeGreaterThan(0);
  await emulator.close();
});
