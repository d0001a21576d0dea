import { Emulator, VirtualClock } from '@bluetap/emulator';
import { describe, expect, test } from 'vitest';
import { judgeDevice, readDeclaration } from '../../src/index.js';
import { inVirtualTime } from './in-virtual-time.js';

const transport = new Emulator({ clock: new VirtualClock() }).transport();

describe('judgeDevice', () => {
  test.each([
    ['transport', {}],
    ['transport', { transport: {} }],
    ['second', { transport, second: 'tcp://' }],
    ['device', { transport, device: 7 }],
    ['declaration', { transport, declaration: 'file' }],
    ['taps', { transport, declaration: { taps: 'often' } }],
    ['hook', { transport, hook: 'bluetap' }],
    ['only', { transport, only: ['R-70'] }],
    ['only', { transport, only: ['38'] }],
    ['exhaustive', { transport, exhaustive: 1 }],
    ['clock', { transport, clock: {} }],
    ['random', { transport, random: 4 }],
    ['signal', { transport, signal: {} }],
    ['onCase', { transport, onCase: {} }],
    ['speed', { transport, speed: 9 }],
  ])('names the option "%s" that is missing or wrong', async (name, options) => {
    await expect(judgeDevice(options as never)).rejects.toThrow(TypeError);
    await expect(judgeDevice(options as never)).rejects.toThrow(name);
  });
});

test('a function that was declared and not used is in the notes', async () => {
  const clock = new VirtualClock();
  const emulator = new Emulator({ clock });
  const serial = Object.create(emulator.transport(), { name: { value: 'serial' } });
  const running = judgeDevice({
    transport: serial,
    declaration: { functions: ['hid', 'cdc'] },
    only: ['R-20'],
    clock,
  });
  const { notes } = await inVirtualTime(clock, running);
  expect(notes).toContain('the function hid was not used: run it again with a transport "hid"');
  expect(notes.join()).not.toContain('cdc');
});

describe('readDeclaration', () => {
  test('returns what it was given', () => {
    const given = {
      functions: ['hid', 'cdc'],
      noticesClosing: false,
      taps: 'field',
      nfcFaultSwitch: true,
      resetMs: 500,
    };
    expect(readDeclaration(given)).toEqual(given);
    expect(readDeclaration({})).toEqual({});
  });

  test.each([
    ['functions', { functions: [] }],
    ['functions', { functions: ['hid', 'hid'] }],
    ['functions', { functions: ['nfc'] }],
    ['functions', { functions: 'hid' }],
    ['noticesClosing', { noticesClosing: 'yes' }],
    ['taps', { taps: 1 }],
    ['nfcFaultSwitch', { nfcFaultSwitch: null }],
    ['resetMs', { resetMs: 0 }],
    ['colour', { colour: 'red' }],
    ['undefined', undefined],
    ['null', null],
    ['array', []],
  ])('refuses a wrong "%s"', (name, given) => {
    expect(() => readDeclaration(given)).toThrow(TypeError);
    if (!['null', 'array'].includes(name)) expect(() => readDeclaration(given)).toThrow(name);
  });
});
