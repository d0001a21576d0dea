import { BEHAVIOURS, checkParameters } from '@bluetap/emulator/commands';
import { describe, expect, it } from 'vitest';
import { behaviourScope, behaviourText, PRESETS } from '../../src/model/behaviour-words.js';
import { durationText, secondsLeft } from '../../src/model/time-text.js';
import { deviceState, displayText, tapsText, titleText } from '../../src/model/words.js';
import { IDLE, NOW, READY } from '../events.js';

describe('the title', () => {
  it.each([
    [{ kind: 'live' }, 'EMU-0001 idle · BlueTap'],
    [{ kind: 'lost', retryAt: NOW }, 'not reachable · BlueTap'],
    [{ kind: 'refused', message: '' }, 'no access · BlueTap'],
  ] as const)('tells that the emulator is %j', (reach, title) => {
    expect(titleText(reach, IDLE)).toBe(title);
  });

  it('tells that the page does not know the device yet', () => {
    expect(titleText({ kind: 'connecting' }, undefined)).toBe('connecting · BlueTap');
  });
});

describe('the state', () => {
  it('tells the cable', () => {
    expect(deviceState({ ...IDLE, snapshot: { ...IDLE.snapshot, plugged: false } })).toBe('unplugged');
    expect(deviceState({ ...IDLE, snapshot: { ...READY, plugged: false } })).toBe('ready, unplugged');
  });

  it('on the display has words for each case', () => {
    const states = ['idle', 'ready', 'expired', 'cancelled'] as const;
    const texts = states.map((state) => displayText({ ...IDLE, snapshot: { ...IDLE.snapshot, state } }));
    expect(new Set([...texts, displayText({ ...IDLE, nfcFault: 'now' })]).size).toBe(5);
  });

  it('tells how often phones have read', () => {
    expect([0, 1, 2, 255].map(tapsText)).toEqual([
      'not read yet',
      'read once',
      'read 2 times',
      'read 255 times or more',
    ]);
  });
});

describe('times', () => {
  it.each([
    [0, '00:00'],
    [899, '14:59'],
    [3600, '1:00:00'],
    [2_147_483_647, '24855 d 03:14:07'],
  ])('%d seconds', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it('are rounded up, and never negative', () => {
    expect(secondsLeft(NOW + 1, NOW)).toBe(1);
    expect(secondsLeft(NOW - 5000, NOW)).toBe(0);
  });
});

describe('behaviours', () => {
  it.each(BEHAVIOURS)('$name has words of its own', ({ name }) => {
    expect(behaviourText(name)).not.toBe(name);
    expect(behaviourText(name)).not.toMatch(/undefined/);
  });

  it('of a program keep their name', () => expect(behaviourText('mine')).toBe('mine'));

  it('tell their numbers', () => {
    expect(behaviourText('delayReplies', { ms: 150 })).toBe('Answer 150 ms late');
    expect(behaviourText('refuse', { reason: 6 })).toBe('Refuse: the NFC part of the device failed');
    expect(behaviourScope({ behaviour: 1, name: 'a' })).toBe('any, always');
    expect(behaviourScope({ behaviour: 1, name: 'a', parameters: { type: 'PAY' }, left: 1 })).toBe('PAY, once');
    expect(behaviourScope({ behaviour: 1, name: 'a', left: 3 })).toBe('any, 3 times');
  });

  it.each(PRESETS)('the preset $verb is one of the table', ({ verb, name, parameters }) => {
    const row = BEHAVIOURS.find((each) => each.verb === verb);
    expect(row?.name).toBe(name);
    expect(() => checkParameters(verb, row!.parameters, parameters)).not.toThrow();
  });
});
