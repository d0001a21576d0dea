// One run on one device, on a clock that jumps.
import type { Transport } from '@bluetap/transport';
import { type ConformanceReport, type DeviceRunOptions, judgeDevice } from '../../src/index.js';
import { Device, type DeviceOptions } from './device.js';
import { inProcess } from './in-process.js';
import { JumpingClock } from './jumping-clock.js';
import type { Needs } from './mistakes/index.js';
import { usbFunction } from './usb-function.js';

/** What a run has, beside the transport. */
export type Extras = Omit<DeviceRunOptions, 'transport' | 'clock' | 'second' | 'hook'> & {
  readonly second?: boolean | undefined;
  readonly hook?: boolean | undefined;
  /** The function of USB that the run uses. Absent: none. */
  readonly usb?: 'HID' | 'vendor bulk' | undefined;
};

const DECLARED = { noticesClosing: true, taps: 'read' } as const;

/** What a run must have to show a mistake. */
export const EXTRAS: Readonly<Record<Needs, Extras>> = {
  nothing: {},
  second: { second: true },
  declaration: { declaration: DECLARED },
  hook: { second: true, hook: true, declaration: { ...DECLARED, nfcFaultSwitch: true } },
  exhaustive: { second: true, hook: true, declaration: { ...DECLARED, nfcFaultSwitch: true }, exhaustive: true },
  HID: { usb: 'HID' },
  'vendor bulk': { usb: 'vendor bulk' },
};

/** The same for a device that counts taps in another way. */
export function declaring(taps: DeviceOptions['taps'], extras: Extras): Extras {
  return { ...extras, ...(extras.declaration && taps && { declaration: { ...extras.declaration, taps } }) };
}

/**
 * Judges a new device.
 * @throws Error if a run on a right device leaves a payment link, a connection or a timer behind.
 */
export async function judged(options: Omit<DeviceOptions, 'clock'>, extras: Extras = {}): Promise<ConformanceReport> {
  const clock = new JumpingClock();
  // From here a run needs some hundred sessions, and not 65535, until the numbers begin again.
  const nearTheEnd = extras.exhaustive && { lowestSession: options.mistake === 'session 1 follows 255' ? 1 : 65_000 };
  const device = new Device({ ...nearTheEnd, ...options, clock });
  const { second, hook, usb, ...rest } = extras;
  const reach = (): Transport =>
    usb ? inProcess(usbFunction(device, usb, (one) => one === options.mistake)) : inProcess(device);
  const report = await judgeDevice({
    ...rest,
    transport: reach(),
    clock,
    ...(second && { second: reach() }),
    ...(hook && { hook: device.hook }),
  });
  const left = { live: device.link.live, connections: device.connections, timers: 0 };
  device.dispose();
  left.timers = clock.pending;
  const nothing = !left.live && left.connections === 0 && left.timers === 0;
  if (!options.mistake && !nothing) throw new Error(`the run leaves behind: ${JSON.stringify(left)}`);
  return report;
}

/** The failed cases of a report, for the message of a test. */
export function failuresOf(report: ConformanceReport): readonly string[] {
  const failed = report.cases.filter(({ verdict }) => verdict === 'failed');
  return failed.map(({ name, rules, came, expected }) => `${rules.join(' ')} ${name}: ${came}; expected: ${expected}`);
}
