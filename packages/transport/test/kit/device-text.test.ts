import { expect, it } from 'vitest';
import { deviceText, knownSerialNumber } from '../../src/kit/index.js';

it.each([
  ['EMU-0001', 'EMU-0001'],
  [' EMU-0001\r\n', 'EMU-0001'],
  ['EMU-0001\0\0\0', 'EMU-0001'],
  ['EMU-0001\0left behind', 'EMU-0001'],
  ['', undefined],
  [' \t', undefined],
  ['\0EMU', undefined],
  ['?', undefined],
  ['????', undefined],
  ['\ufffd', undefined],
  [undefined, undefined],
  [null, undefined],
  [42, undefined],
])('the text %j of a system is read as %j (C-25)', (told, known) => {
  expect([deviceText(told), knownSerialNumber(told)]).toEqual([known, known]);
});

it('a string with "&" is the place of a device and not a serial number, but a product name can contain "&" (C-25)', () => {
  expect(knownSerialNumber('7&18DA7745&0&0002')).toBeUndefined();
  expect(deviceText('Tap & Pay')).toBe('Tap & Pay');
});
