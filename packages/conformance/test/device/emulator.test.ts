import { Emulator, VirtualClock } from '@bluetap/emulator';
import { expect, test } from 'vitest';
import { judgeDevice } from '../../src/index.js';
import { emulatorHook } from './emulator-hook.js';
import { inVirtualTime } from './in-virtual-time.js';

test('the emulated device keeps every rule that can be shown without a hook, within 90 s', async () => {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock });
  const report = await inVirtualTime(clock, judgeDevice({ transport: emulator.transport(), clock }));
  expect(report.cases.filter(({ verdict }) => verdict === 'failed').map(({ bytes: _, ...rest }) => rest)).toEqual([]);
  expect(report.ending).toBe('complete');
  expect(report.durationMs).toBeLessThan(90_000);
  await emulator.close();
});

test('with a second transport and a hook every case is proven', async () => {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock });
  const transport = emulator.transport();
  const options = { transport, second: transport, hook: emulatorHook(emulator), exhaustive: true, clock };
  const report = await inVirtualTime(clock, judgeDevice(options));
  expect(report.cases.filter(({ verdict }) => verdict === 'failed').map(({ bytes: _, ...rest }) => rest)).toEqual([]);
  await emulator.close();
});
