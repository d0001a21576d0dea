import { type Behaviour, Emulator, silent, VirtualClock } from '@bluetap/emulator';
import type { Transport } from '@bluetap/transport';
import { expect, test } from 'vitest';
import {
  type ConformanceReport,
  type DeviceRunOptions,
  exitCodeOfReport,
  type HookAction,
  judgeDevice,
} from '../../src/index.js';
import { altered } from './altered-transport.js';
import { emulatorHook } from './emulator-hook.js';
import { inVirtualTime } from './in-virtual-time.js';

const LONGEST_MS = 90_000;

interface Bench {
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
}

async function judge(options: (bench: Bench) => Partial<DeviceRunOptions>): Promise<ConformanceReport> {
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock });
  const given = { transport: emulator.transport(), clock, ...options({ clock, emulator }) };
  const report = await inVirtualTime(clock, judgeDevice(given));
  expect(clock.pending, 'no timer of the run is left').toBe(0);
  return report;
}

/** Does something to the device when the run has finished so many cases. */
function afterCases(count: number, act: () => void): Pick<DeviceRunOptions, 'onCase'> {
  let left = count;
  return {
    onCase: () => {
      left--;
      if (left === 0) act();
    },
  };
}

test('a mute device is no device', async () => {
  const report = await judge(({ emulator }) => {
    emulator.use(silent());
    return {};
  });
  expect(report).toMatchObject({ ending: 'no-device', counts: { proven: 0, failed: 0 } });
  expect(report.problem).toContain('was not answered');
  expect(report.durationMs).toBeLessThan(20_000);
  expect(exitCodeOfReport(report)).toBe(3);
});

test('a device that is not there is no device', async () => {
  const report = await judge(({ emulator }) => {
    emulator.unplug();
    return {};
  });
  expect(report).toMatchObject({ ending: 'no-device', subject: { transport: 'emulator' } });
  expect(report.problem).toContain('no device');
  expect(report.answerTimes).toBeUndefined();
});

test('of several devices none is chosen', async () => {
  const report = await judge(({ emulator }) => {
    const one = emulator.transport();
    const list = async () => [{ id: 'a' }, { id: 'b' }];
    return { transport: { name: 'two', list, open: one.open } };
  });
  expect(report.problem).toContain('2 devices: a, b');
  expect(report.problem).toContain('choose one');
});

test('a device that goes silent in the middle keeps its results', async () => {
  const report = await judge(({ emulator }) => afterCases(10, () => emulator.use(silent())));
  expect(report.ending).toBe('no-device');
  expect(report.counts.proven).toBe(9);
  expect(report.counts.failed).toBe(1);
  expect(report.cases.at(-1)).toMatchObject({ verdict: 'not applicable' });
  expect(report.cases.at(-1)?.why).toContain('it did not run');
  expect(report.durationMs).toBeLessThan(LONGEST_MS);
  expect(exitCodeOfReport(report)).toBe(1);
});

test('a device that is unplugged in the middle fails nothing', async () => {
  const report = await judge(({ emulator }) => afterCases(10, () => emulator.unplug()));
  expect(report).toMatchObject({ ending: 'no-device', counts: { proven: 9, failed: 0 } });
  expect(report.problem).toContain('did not come back');
  expect(exitCodeOfReport(report)).toBe(3);
});

test('a device that restarts by itself fails the case', async () => {
  let requests = 0;
  const restart: Behaviour = {
    name: 'restart',
    onFrame: (frame, next, { emulator }) => {
      requests++;
      if (requests === 60) emulator.powerCycle();
      else next(frame);
    },
  };
  const report = await judge(({ emulator }) => {
    emulator.use(restart);
    return {};
  });
  expect(report.ending).toBe('complete');
  expect(report.counts.failed).toBeGreaterThan(0);
});

test('a device that floods ends the run in time', async () => {
  const flood: Behaviour = {
    name: 'flood',
    onSend: (bytes, next, context) => {
      const again = () => {
        for (let left = 20; left > 0; left--) next(bytes.slice());
        context.after(1, again);
      };
      again();
    },
  };
  const report = await judge(({ emulator }) => afterCases(10, () => emulator.use(flood)));
  expect(report.counts.failed).toBeGreaterThan(0);
  expect(report.durationMs).toBeLessThan(LONGEST_MS);
  expect(exitCodeOfReport(report)).toBe(1);
});

test('a device that answers garbage is told what came', async () => {
  const report = await judge(({ emulator }) => ({
    transport: altered(emulator.transport(), { fromDevice: (bytes) => bytes.map((byte) => byte && byte ^ 0x10) }),
  }));
  expect(report.counts.failed).toBeGreaterThan(0);
  expect(report.cases.find(({ verdict }) => verdict === 'failed')?.came).toContain('no frame');
  expect(report.durationMs).toBeLessThan(LONGEST_MS);
});

test('another device at the same place ends the run', async () => {
  const clock = new VirtualClock();
  await using first = new Emulator({ clock });
  await using second = new Emulator({ clock, serialNumber: 'ANOTHER' });
  let now: Transport = first.transport();
  const transport: Transport = { name: 'place', list: () => now.list(), open: (...given) => now.open(...given) };
  const swap = afterCases(10, () => {
    now = second.transport();
    first.unplug();
  });
  const report = await inVirtualTime(clock, judgeDevice({ transport, clock, ...swap }));
  expect(report.ending).toBe('no-device');
  expect(report.problem).toContain('ANOTHER');
  expect(exitCodeOfReport(report)).toBe(3);
});

test('another host ends the run', async () => {
  const report = await judge(({ emulator }) =>
    afterCases(10, () => {
      const connection = emulator.attach({ name: 'other', send: () => {}, close: () => {} });
      connection.receive(Uint8Array.from(Buffer.from('00030101010103200401010105a192479300', 'hex')));
    }),
  );
  expect(report).toMatchObject({ ending: 'another-host', counts: { failed: 0 } });
  expect(report.problem).toContain('another host');
  expect(exitCodeOfReport(report)).toBe(3);
});

test('a run can be stopped, and leaves no payment link', async () => {
  const controller = new AbortController();
  let state = '';
  const report = await judge(({ emulator }) => {
    const pay: Behaviour = {
      name: 'stop at the PAY',
      onSend: (bytes, next) => {
        next(bytes);
        if (emulator.snapshot.state === 'ready') controller.abort();
        state = emulator.snapshot.state;
      },
    };
    emulator.use(pay);
    return { signal: controller.signal };
  });
  expect(report.ending).toBe('stopped');
  expect(state).toBe('cancelled');
});

test.each<[string, (action: HookAction) => Promise<object>]>([
  ['hangs', () => new Promise(() => {})],
  ['fails', () => Promise.reject(new Error('no finger'))],
  ['returns nonsense', async () => ({ ndef: 'abc' })],
])('a hook that %s fails no case', async (_, act) => {
  const report = await judge(({ emulator }) => ({
    hook: (action) =>
      action === 'tap' ? (act(action) as Promise<never>) : emulatorHook(emulator)(action, AbortSignal.any([])),
  }));
  expect(report).toMatchObject({ ending: 'complete', counts: { failed: 0 } });
  const tap = report.cases.find(({ name }) => name === 'a tap is counted once and told with LINK');
  expect(tap).toMatchObject({ verdict: 'not applicable', why: expect.stringContaining('the hook') });
});

test('a function of the program that throws does not stop the run', async () => {
  const report = await judge(() => ({
    only: ['R-40'],
    onCase: () => {
      throw new Error('a wrong program');
    },
  }));
  expect(report.ending).toBe('complete');
  expect(report.notes.join()).toContain('a wrong program');
});

test('a slow device gets as far as the time goes, and the rest did not run', async () => {
  const slow: Behaviour = { name: 'slow', onSend: (bytes, next, context) => context.after(450, () => next(bytes)) };
  const report = await judge(({ emulator }) => {
    emulator.use(slow);
    return {};
  });
  expect(report).toMatchObject({ ending: 'stopped', counts: { failed: 0 } });
  expect(report.counts.proven).toBeGreaterThan(10);
  expect(report.durationMs).toBeLessThan(LONGEST_MS);
  expect(report.problem).toContain('slowly');
});
