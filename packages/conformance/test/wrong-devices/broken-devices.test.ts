// A run on a device that is no device ends in time, with a clear line, and keeps what it has shown.
import type { Transport } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { type ConformanceReport, type Ending, exitCodeOfReport, type Hook, judgeDevice } from '../../src/index.js';
import * as broken from './broken.js';
import { Device } from './device.js';
import { type Endpoint, type FarEnd, inProcess } from './in-process.js';
import { JumpingClock } from './jumping-clock.js';

const LONGEST_MS = 90_000;
const NOISE = Uint8Array.from({ length: 4096 }, (_, at) => (at * 31) % 256);

/** Judges a transport on a clock of its own. */
async function run(make: (clock: JumpingClock) => Transport, hook?: Hook): Promise<ConformanceReport> {
  const clock = new JumpingClock();
  return judgeDevice({ transport: make(clock), clock, ...(hook && { hook }) });
}

const on = (make: (clock: JumpingClock) => Endpoint<FarEnd>): Promise<ConformanceReport> =>
  run((clock) => inProcess(make(clock)));

/** The run ended in time, without a device, and the report says so and holds every case. */
function expectEnd(report: ConformanceReport, ending: Ending): void {
  expect(report.ending).toBe(ending);
  expect(report.problem).toMatch(/\w+ \w+/);
  expect(report.durationMs).toBeLessThanOrEqual(LONGEST_MS);
  expect(exitCodeOfReport(report)).toBe(report.counts.failed > 0 ? 1 : 3);
}

describe('a device that is no device', () => {
  const never: Readonly<Record<string, (clock: JumpingClock) => Endpoint<FarEnd>>> = {
    'says nothing': () => broken.mute(),
    'answers with garbage': () => broken.garbage(),
    'floods with noise': (clock) => broken.flooding(clock, NOISE),
    'floods with padding': (clock) => broken.flooding(clock, new Uint8Array(4096)),
    'floods with a frame that never ends': (clock) => broken.flooding(clock, new Uint8Array(4096).fill(7)),
  };
  it.each(Object.entries(never))('ends a run if it %s', async (_, make) => {
    const report = await on(make);
    expectEnd(report, 'no-device');
    expect(report.counts.proven).toBe(0);
  });

  it.each(['mute', 'gone'] as const)('ends a run if it is %s in the middle, and the report is kept', async (how) => {
    const report = await on((clock) => broken.dying(new Device({ clock }), 60, how));
    expectEnd(report, 'no-device');
    expect(report.counts.proven).toBeGreaterThan(0);
    expect(report.counts['not applicable']).toBeGreaterThan(0);
  });

  it('ends a run if another device answers in the middle', async () => {
    const report = await on((clock) => broken.changing(clock, 60));
    expectEnd(report, 'no-device');
    expect(report.problem).toContain('WRONG-3');
  });

  it('ends a run if another host uses it', async () => {
    const report = await on((clock) => broken.shared(new Device({ clock }), 60));
    expectEnd(report, 'another-host');
  });

  it('ends a run in time if it floods with LINK, and a case fails', async () => {
    const report = await on((clock) => broken.floodingWithLinks(clock, new Device({ clock })));
    expect(report.durationMs).toBeLessThanOrEqual(LONGEST_MS);
    expect(exitCodeOfReport(report)).toBe(1);
  });
});

describe('a transport that does not work', () => {
  const hangs = () => new Promise<never>(() => {});
  const fails = async (): Promise<never> => {
    throw new Error('the cable is cut');
  };
  const transports: Readonly<Record<string, (good: Transport) => Transport>> = {
    'lists nothing': (good) => ({ ...good, list: async () => [] }),
    'never lists': (good) => ({ ...good, list: hangs }),
    'fails to list': (good) => ({ ...good, list: fails }),
    'never opens': (good) => ({ ...good, open: hangs }),
    'fails to open': (good) => ({ ...good, open: fails }),
    'never writes': (good) => ({
      ...good,
      open: async (...given) => ({ ...(await good.open(...given)), write: hangs }),
    }),
    'fails to write': (good) => ({
      ...good,
      open: async (...given) => ({ ...(await good.open(...given)), write: fails }),
    }),
    'never closes and never writes': (good) => ({
      ...good,
      open: async (...given) => ({ ...(await good.open(...given)), write: hangs, close: hangs }),
    }),
  };
  it.each(Object.entries(transports))('ends a run if it %s', async (_, spoil) => {
    expectEnd(await run((clock) => spoil(inProcess(new Device({ clock })))), 'no-device');
  });
});

describe('a hook that does not work', () => {
  const hooks: Readonly<Record<string, Hook>> = {
    hangs: () => new Promise<never>(() => {}),
    fails: async () => {
      throw new Error('the robot has no arm');
    },
    'returns nonsense': async () => ({ ndef: 'a tag' as unknown as Uint8Array }),
  };
  it.each(Object.entries(hooks))('does not fail the device if it %s', async (_, hook) => {
    const clock = new JumpingClock();
    const device = new Device({ clock });
    const declaration = { nfcFaultSwitch: true };
    const report = await judgeDevice({ transport: inProcess(device), clock, hook, declaration });
    expect(report.ending).toBe('complete');
    expect(report.cases.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(report.cases.some(({ why }) => why?.includes('the hook'))).toBe(true);
  });
});
