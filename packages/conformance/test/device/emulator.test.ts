import { Emulator, type EmulatorEvent, VirtualClock } from '@bluetap/emulator';
import { expect, test } from 'vitest';
import {
  type ConformanceReport,
  type DeviceRunOptions,
  deviceCases,
  exitCodeOfReport,
  judgeDevice,
} from '../../src/index.js';
import { emulatorHook } from './emulator-hook.js';
import { inVirtualTime } from './in-virtual-time.js';

/** What no emulated device in the same process can show. */
const NOT_HERE = [
  'a frame may begin and end anywhere in packets of 64 bytes',
  'a connection too many is ended at once',
  'a device that cannot count taps counts none',
  'the tap source is the declared one',
  'a PAY reply says what the PAY replaced',
  'a PAY reply tells the taps of the payment link that it replaced',
];
const EXHAUSTIVE = [
  'the number of a session goes from 65535 to 1',
  'each sequence from 1 to 255 is accepted once',
  'the longest expiry time is counted whole',
  'taps stop at 255, and LINK goes from 255 to 1',
];

async function judge(
  options: (emulator: Emulator) => Partial<DeviceRunOptions>,
  events: EmulatorEvent[] = [],
): Promise<ConformanceReport> {
  const clock = new VirtualClock();
  // The first session has a number near the last one, so that the numbers begin again soon.
  let random = 0x1234_fe00;
  await using emulator = new Emulator({ clock, random: () => random++, onEvent: (event) => events.push(event) });
  return await inVirtualTime(clock, judgeDevice({ transport: emulator.transport(), clock, ...options(emulator) }));
}

function withEverything(emulator: Emulator): Partial<DeviceRunOptions> {
  const declaration = { noticesClosing: true, taps: 'read', nfcFaultSwitch: true } as const;
  return { second: emulator.transport(), hook: emulatorHook(emulator), declaration };
}

function named(report: ConformanceReport, verdict: ConformanceReport['cases'][number]['verdict']): string[] {
  return report.cases.filter((each) => each.verdict === verdict).map(({ name }) => name);
}

test('without declaration and hook the emulated device passes within 90 s', async () => {
  const report = await judge(() => ({}));
  expect(named(report, 'failed')).toEqual([]);
  expect(report).toMatchObject({ format: 1, side: 'device', ending: 'complete' });
  expect(report.notes).toEqual(['no case shows R-53 and R-59: look at them in another way']);
  expect(report.subject).toMatchObject({ serialNumber: 'EMU-0001', model: 'BT-EMU', simulated: true });
  expect(report.durationMs).toBeLessThan(90_000);
  expect(report.answerTimes?.count).toBeGreaterThan(400);
  expect(exitCodeOfReport(report)).toBe(0);
  for (const { verdict, why } of report.cases) expect(why === undefined).toBe(verdict !== 'not applicable');
});

test('with a second transport, a hook and a declaration every applicable case is proven', async () => {
  const report = await judge(withEverything);
  expect(named(report, 'failed')).toEqual([]);
  expect(named(report, 'not applicable').filter((name) => !EXHAUSTIVE.includes(name))).toEqual(
    expect.arrayContaining(['a device that cannot count taps counts none']),
  );
  for (const name of named(report, 'not applicable')) expect([...NOT_HERE, ...EXHAUSTIVE]).toContain(name);
});

test('an exhaustive run proves what takes minutes', async () => {
  const only = ['R-35', 'R-39', 'R-46', 'R-48'] as const;
  const report = await judge((emulator) => ({ ...withEverything(emulator), exhaustive: true, only }));
  expect(named(report, 'failed')).toEqual([]);
  for (const name of EXHAUSTIVE) expect(named(report, 'proven')).toContain(name);
});

test('a payment link of a short run lives at most 30 s, but for the default, and none is left', async () => {
  const events: EmulatorEvent[] = [];
  await judge(() => ({}), events);
  const pays = events.flatMap((event) =>
    event.event === 'message' && event.message.type === 'PAY' ? [event.message] : [],
  );
  const long = pays.filter(({ expiryTime = 900 }) => expiryTime > 30);
  expect(long.map(({ expiryTime }) => expiryTime)).toEqual([undefined, 900]);
  const last = events.findLast((event) => event.event === 'message' && event.message.type === 'CANCEL');
  expect(last).toBeDefined();
  const states = events.flatMap((event) => ('snapshot' in event ? [event.snapshot.state] : []));
  expect(states.at(-1)).not.toBe('ready');
});

test('a run of some rules has only their cases', async () => {
  const report = await judge(() => ({ only: ['R-38'] }));
  expect(report.cases.length).toBeGreaterThan(3);
  for (const { rules } of report.cases) expect(rules).toContain('R-38');
});

test('the list of cases has unique names, and no rule of a host', () => {
  const names = deviceCases().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const numbers = deviceCases().flatMap(({ rules }) => rules.map((rule) => Number(rule.slice(2))));
  expect(numbers.filter((number) => number >= 70)).toEqual([]);
});
