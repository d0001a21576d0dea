import * as behaviours from '@bluetap/emulator';
import { Emulator, VirtualClock } from '@bluetap/emulator';
import { BEHAVIOURS, COMMANDS, CommandError, DeviceControl, obey, obeyJson } from '@bluetap/emulator/commands';
import { encodeMessage } from '@bluetap/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

const clock = new VirtualClock();
let emulator: Emulator;
let device: DeviceControl;

beforeEach(() => {
  emulator = new Emulator({ clock, random: () => 7 });
  device = new DeviceControl(emulator);
});
afterEach(() => emulator.close());

function pay(orderId = 'A'): RawHost {
  const host = new RawHost(emulator);
  host.hello();
  host.connection.receive(
    encodeMessage({ type: 'PAY', session: host.session, sequence: 1, paymentMethod: 'TRUEMONEY', orderId }),
  );
  return host;
}

/** The error of a command that must be refused. */
function refusal(verb: string, parameters?: Record<string, unknown>): CommandError {
  try {
    obey(device, verb, parameters);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error(`${verb} was not refused`);
}

describe('the table', () => {
  test('has each verb once, in words with hyphens', () => {
    const verbs = COMMANDS.map(({ verb }) => verb);
    expect(new Set(verbs).size).toBe(verbs.length);
    for (const verb of verbs) expect(verb).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('has every ready-made behaviour of the emulator', () => {
    const others = ['encodeUriMessage'];
    const functions = Object.entries(behaviours)
      .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name) && !others.includes(name))
      .map(([name]) => name);
    expect(BEHAVIOURS.map(({ name }) => name).sort()).toEqual(functions.sort());
    expect(functions).toHaveLength(16);
  });

  test('says in a sentence what each command and each parameter is', () => {
    for (const { summary, parameters } of COMMANDS) {
      for (const text of [summary, ...parameters.map(({ description }) => description)])
        expect(text).toMatch(/^\S.*\.$/);
    }
  });

  test('has no name twice that means something else in a command line of JSON', () => {
    for (const { parameters } of COMMANDS) {
      for (const { name } of parameters) expect(['do', 'serial', 'id']).not.toContain(name);
    }
  });
});

/** Parameters that every command accepts. */
const GOOD: Readonly<Record<string, Record<string, unknown>>> = {
  'nfc-fault': { fault: 'on-pay' },
  'delay-replies': { ms: 5 },
  refuse: { reason: 6 },
  'cut-after': { bytes: 4 },
};

test.each(COMMANDS.map(({ verb }) => verb).filter((verb) => !/remove-behaviour$|import-state/.test(verb)))(
  '%s answers plain data and accepts its defaults',
  (verb) => {
    pay();
    const answer = obey(device, verb, GOOD[verb]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  },
);

test('tap reads the payment link, or nothing', () => {
  expect(obey(device, 'tap')).toEqual({ read: false });
  pay();
  expect(obey(device, 'tap')).toMatchObject({
    read: true,
    paymentMethod: 'TRUEMONEY',
    orderId: 'A',
    taps: 1,
    uri: expect.stringContaining('TRUEMONEY'),
    ndef: expect.stringMatching(/^d1/),
  });
  expect(obey(device, 'counters')).toEqual({ paymentLinks: 1, payFrames: 1, repeats: 0, taps: 1 });
});

test('the device as a whole: what it shows, who has the session, what goes wrong next', () => {
  pay();
  obey(device, 'lose-replies', { times: 2, type: 'PAY' });
  expect(obey(device, 'nfc-fault', { fault: 'now' })).toEqual({
    snapshot: { simulated: true, serialNumber: 'EMU-0001', plugged: true, state: 'idle', taps: 0 },
    bootId: 7,
    session: { number: 8, connection: 'test' },
    lastCommand: { session: 8, sequence: 1 },
    nfcFault: 'now',
    connections: ['test'],
    behaviours: [
      { behaviour: 1, name: 'loseReplies', verb: 'lose-replies', parameters: { times: 2, type: 'PAY' }, left: 2 },
    ],
    counters: { paymentLinks: 1, payFrames: 1, repeats: 0, taps: 0 },
  });
  expect(obey(device, 'nfc-fault', { fault: 'none' })).toMatchObject({ nfcFault: 'none' });
});

test('a lost reply, a repeat, and the counts that show it', () => {
  obey(device, 'lose-replies', { type: 'PAY' });
  const host = pay();
  expect(host.take()).toEqual([]);
  expect(obey(device, 'behaviours')).toMatchObject({ behaviours: [{ left: 0 }] });
  host.connection.receive(
    encodeMessage({ type: 'PAY', session: host.session, sequence: 1, paymentMethod: 'TRUEMONEY', orderId: 'A' }),
  );
  expect(host.take()).toMatchObject([{ message: { type: 'PAY_REPLY', result: 'SUCCESS' } }]);
  expect(obey(device, 'counters')).toEqual({ paymentLinks: 1, payFrames: 2, repeats: 1, taps: 0 });
});

test('cable, power and time', () => {
  pay();
  expect(obey(device, 'expire')).toEqual({ expired: true });
  expect(obey(device, 'expire')).toEqual({ expired: false });
  expect(obey(device, 'unplug', { power: 'lost' })).toMatchObject({ snapshot: { plugged: false }, connections: [] });
  expect(obey(device, 'plug')).toMatchObject({ snapshot: { plugged: true, state: 'idle' } });
  const { bootId } = obey(device, 'snapshot') as { bootId: number };
  expect(obey(device, 'power-cycle')).not.toMatchObject({ bootId });
});

test('behaviours are listed and removed by number; a program can have its own', () => {
  emulator.use({ name: 'my own', onSend: (bytes, next) => next(bytes) });
  expect(obey(device, 'silent')).toEqual({ behaviour: 2, name: 'silent', verb: 'silent', parameters: {} });
  expect(obey(device, 'behaviours')).toEqual({
    behaviours: [
      { behaviour: 2, name: 'silent', verb: 'silent', parameters: {} },
      { behaviour: 1, name: 'my own' },
    ],
  });
  expect(obey(device, 'remove-behaviour', { behaviour: 2 })).toEqual({
    behaviours: [{ behaviour: 1, name: 'my own' }],
  });
  expect(refusal('remove-behaviour', { behaviour: 2 })).toMatchObject({
    code: 'unknown-behaviour',
    message: 'EMU-0001 has no behaviour with the number 2: it has 1',
    allowed: ['1'],
  });
  expect(obey(device, 'remove-behaviours')).toEqual({ behaviours: [] });
  expect(refusal('remove-behaviour', { behaviour: 1 }).message).toContain('it has none');
});

test('a state goes on in another device, with what still goes wrong', () => {
  pay();
  obey(device, 'lose-replies', { times: 3, type: 'STATUS' });
  obey(device, 'noise-before-replies', { noise: '00ff' });
  emulator.use({ name: 'my own', onSend: (bytes, next) => next(bytes) });
  const state = JSON.parse(JSON.stringify(obey(device, 'export-state')));
  expect(state.behaviours).toEqual([
    { verb: 'lose-replies', parameters: { times: 3, type: 'STATUS' } },
    { verb: 'noise-before-replies', parameters: { noise: '00ff' } },
  ]);
  obey(device, 'reset');
  expect(obey(device, 'behaviours')).toEqual({ behaviours: [] });
  expect(obey(device, 'import-state', { state })).toMatchObject({ snapshot: { state: 'ready', orderId: 'A' } });
  expect(obey(device, 'export-state')).toMatchObject({ behaviours: state.behaviours });
});

test.each<[string, unknown, RegExp]>([
  ['not an object', 5, /"state" of import-state must be an object/],
  ['empty', {}, /"state" of import-state is wrong: missing: format/],
  ['behaviours that are none', { behaviours: 1 }, /behaviours must be an array/],
  ['an unknown behaviour', { behaviours: [{ verb: 'fly' }] }, /there is no behaviour "fly"/],
  ['a behaviour with a wrong parameter', { behaviours: [{ verb: 'refuse', parameters: { reason: 300 } }] }, /reason/],
])('a state that is %s changes nothing', (_, state, message) => {
  pay();
  obey(device, 'silent');
  const before = obey(device, 'snapshot');
  expect(refusal('import-state', { state })).toMatchObject({ message: expect.stringMatching(message) });
  expect(obey(device, 'snapshot')).toEqual(before);
});

describe('what is wrong is named, with what is right', () => {
  test.each<[string, Record<string, unknown> | undefined, string, string]>([
    ['fly', undefined, 'unknown-verb', 'there is no command "fly": there are snapshot, counters, tap, '],
    ['toString', undefined, 'unknown-verb', 'there is no command "toString"'],
    ['tap', { hard: true }, 'unknown-parameter', 'tap has no parameter "hard": it has none'],
    ['unplug', { poer: 'lost' }, 'unknown-parameter', 'unplug has no parameter "poer": it has power'],
    ['unplug', { power: 'off' }, 'bad-parameter', 'must be one of kept, lost, but is "off"'],
    ['delay-replies', {}, 'missing-parameter', 'delay-replies needs the parameter "ms", which must be a whole number'],
    ['delay-replies', { ms: '5' }, 'bad-parameter', 'must be a whole number from 0 to 2147483647, but is "5"'],
    ['refuse', { reason: 256 }, 'bad-parameter', 'must be a whole number from 0 to 255, but is 256'],
    ['noise-before-replies', { noise: 'xyz' }, 'bad-parameter', 'must be bytes as pairs of hex digits, but is "xyz"'],
    ['lose-replies', { times: 0 }, 'bad-parameter', 'must be a whole number from 1'],
    ['lose-replies', { type: 'PAY_REPLY' }, 'bad-parameter', 'must be one of HELLO, PAY, CANCEL, STATUS, LINK'],
  ])('%s %j', (verb, parameters, code, message) => {
    const error = refusal(verb, parameters);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code });
  });

  test('a device that was closed', async () => {
    await emulator.close();
    expect(refusal('tap')).toMatchObject({ code: 'device-closed', message: expect.stringContaining('EMU-0001') });
  });
});

describe('a command as JSON', () => {
  test('is for all devices, or for one', async () => {
    const other = new DeviceControl(new Emulator({ serialNumber: 'B', clock }));
    expect(obeyJson([device, other], { do: 'tap', id: 4 })).toEqual({
      do: 'tap',
      parameters: {},
      changes: true,
      answers: { 'EMU-0001': { read: false }, B: { read: false } },
    });
    expect(obeyJson([device, other], { do: 'unplug', serial: 'B' }).answers).toHaveProperty('B');
    expect([emulator.plugged, other.emulator.plugged]).toEqual([true, false]);
    expect(() => obeyJson([device, other], { do: 'unplug', serial: 'C' })).toThrow('there is EMU-0001, B');
    expect(() => obeyJson([device, other], { do: 'unplug', power: 1 })).toThrow('must be one of kept, lost');
    expect(emulator.plugged).toBe(true);
    for (const wrong of [null, 5, 'tap', []]) expect(() => obeyJson([device], wrong)).toThrow('not a JSON object');
    await other.emulator.close();
  });
});
