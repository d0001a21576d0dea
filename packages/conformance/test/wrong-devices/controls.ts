import type { DeviceOptions } from './device.js';

/** What a right device may do, each in another way: no case may fail because of it. */
export const CONTROLS: Readonly<Record<string, Omit<DeviceOptions, 'clock' | 'mistake'>>> = {
  'a device that writes its defaults': { writesDefaults: true, simulated: false },
  'a device that leaves out what it may leave out': { tellsPrevious: false, tellsTapSource: false, simulated: false },
  'a device with a field of a later version': { hasNewField: true },
  'a device with labels of one character': { model: 'M', firmware: '1' },
  'a device with labels of 16 characters': { model: '16 characters ..', firmware: '~ is printable ~' },
  'a device that answers after 30 ms': { answerMs: () => 30 },
  'a device that is slow once in a while': { answerMs: (count) => (count % 50 === 0 ? 650 : 3) },
  'a device on a line that stays open': { lineStaysOpen: true },
  'a device that starts again if it cannot make its tag blank': { restartsAtFault: true },
  'a device whose tag has an Android record': { android: true },
  'a device whose session number is about to come again': { lowestSession: 65_500 },
  'a device that sees only the field of a phone': { taps: 'field' },
  'a device that cannot count taps': { taps: 'none' },
};
