import { describe, expect, it } from 'vitest';
import type { PanelInput } from '../../src/model/panel-input.js';
import { NOTHING_KNOWN, type PanelState, reduce } from '../../src/model/reduce.js';
import type { FrameRow } from '../../src/model/row.js';
import { devices, event, IDLE, message, NOW, PAID, PAY, READY, SERIAL } from '../events.js';

function after(inputs: readonly PanelInput[], state: PanelState = NOTHING_KNOWN): PanelState {
  return reduce(state, [...(state === NOTHING_KNOWN ? [devices()] : []), ...inputs], NOW);
}
const deviceOf = (state: PanelState) => state.devices[0]!;
const rowsOf = (state: PanelState) => deviceOf(state).rows;
const frameOf = (state: PanelState, at: number) => rowsOf(state)[at] as FrameRow;

const effect = (of: object) =>
  event({
    event: 'behaviour',
    id: 1,
    name: 'loseReplies',
    effect: 'lost',
    direction: 'out',
    connection: 'tcp 1',
    frameNumber: 2,
    ...of,
  });

describe('frames', () => {
  it('become rows with the fields of their message', () => {
    const state = after([message(PAY, 1), message(PAID, 2)]);
    expect(frameOf(state, 0)).toMatchObject({
      title: 'PAY',
      direction: 'in',
      session: 7,
      sequence: 1,
      facts: [
        { name: 'payment method', value: 'TRUEMONEY' },
        { name: 'amount', value: '120.00' },
      ],
      stopped: false,
    });
    expect(frameOf(state, 1)).toMatchObject({ title: 'PAY reply', direction: 'out', result: 'SUCCESS' });
  });

  it('that are no message tell their problem', () => {
    const wire = '00050103000701a0c8848600';
    const frame = { direction: 'in', connection: 'tcp 1', frameNumber: 1, wire, version: 1, type: 0x7f } as const;
    const state = after([event({ event: 'frame', problem: 'unknown-type', session: 7, sequence: 3, ...frame })]);
    expect(frameOf(state, 0)).toMatchObject({
      title: 'type 0x7f',
      facts: [{ name: 'not a message', value: 'unknown type' }],
    });
  });

  it('tell the reason of a refusal in words', () => {
    const refused = {
      type: 'PAY_REPLY',
      session: 7,
      sequence: 1,
      result: 'PROCESS_FAIL',
      reason: 6,
      state: 'idle',
    } as const;
    const { facts } = frameOf(after([message(refused, 1)]), 0);
    expect(facts[0]).toEqual({ name: 'reason', value: '6, the NFC part of the device failed' });
  });

  it('that a repeat answers say so', () => {
    const state = after([message(PAY, 1), event({ event: 'repeat', connection: 'tcp 1', frameNumber: 1 })]);
    expect(frameOf(state, 0).notes).toEqual([{ tone: 'good', text: 'repeat: answered again, not executed again' }]);
    expect(deviceOf(state).view.counters.repeats).toBe(1);
  });
});

describe('behaviours', () => {
  const frames = [message(PAY, 1), message(PAID, 2)];

  it('mark the frame that they lost', () => {
    const row = frameOf(after([...frames, effect({})]), 1);
    expect(row).toMatchObject({ stopped: true, notes: [{ tone: 'bad', text: 'lost by loseReplies' }] });
  });

  it('mark a request that they lost', () => {
    const row = frameOf(after([...frames, effect({ name: 'ignoreRequests', direction: 'in', frameNumber: 1 })]), 0);
    expect(row.notes[0]?.text).toBe('lost by ignoreRequests before it reached the device');
  });

  it('tell how long they held a frame', () => {
    const held = effect({ effect: 'held', name: 'delayReplies' });
    const state = after([...frames, held]);
    expect(frameOf(state, 1).stopped).toBe(true);
    const passed = { ...(held as Extract<PanelInput, { input: 'event' }>).event, effect: 'passed' } as never;
    const later = after([event(passed, 1500)], state);
    expect(frameOf(later, 1)).toMatchObject({
      stopped: false,
      notes: [{ text: 'held back by delayReplies' }, { text: 'passed on 1500 ms later by delayReplies' }],
    });
  });

  it('tell what they passed on in the place of a frame', () => {
    const changed = frameOf(after([...frames, effect({ effect: 'changed', wire: '0011223300' })]), 1);
    expect(changed).toMatchObject({ passed: '0011223300', notes: [{ text: 'changed by loseReplies' }] });
    const { wire } = frameOf(after(frames), 1);
    const cut = frameOf(after([...frames, effect({ effect: 'changed', name: 'cutAfter', wire: wire.slice(0, 4) })]), 1);
    expect(cut.notes[0]?.text).toMatch(/^cut by cutAfter: 2 of \d+ bytes were sent$/);
  });

  it('that answer make a row of their own', () => {
    const refusal = {
      type: 'PAY_REPLY',
      session: 7,
      sequence: 1,
      result: 'PROCESS_FAIL',
      reason: 6,
      state: 'idle',
    } as const;
    const { wire } = frameOf(after([message(refusal, 9)]), 0);
    const answered = { effect: 'answered', name: 'refuse', direction: 'in', frameNumber: 1, answerNumber: 2, wire };
    const state = after([message(PAY, 1), effect(answered)]);
    expect(frameOf(state, 0).notes[0]?.text).toBe('answered by refuse: it did not reach the device');
    expect(frameOf(state, 1)).toMatchObject({
      title: 'PAY reply',
      direction: 'out',
      result: 'PROCESS_FAIL',
      notes: [{ text: 'answered by refuse, not by the device' }],
    });
  });

  it('count down, and are told to be done', () => {
    const view = { ...IDLE, behaviours: [{ behaviour: 1, name: 'loseReplies', left: 1 }] };
    const state = reduce(NOTHING_KNOWN, [devices('a', [view]), ...frames, effect({ left: 0 })], NOW);
    expect(deviceOf(state).view.behaviours[0]?.left).toBe(0);
    expect(deviceOf(state).spent).toMatchObject([{ behaviour: { behaviour: 1, left: 0 } }]);
  });

  it('that the page does not know make it ask', () => {
    const state = reduce(after([]), [{ input: 'view', view: IDLE }], NOW);
    expect(deviceOf(state).stale).toBe(false);
    expect(deviceOf(reduce(state, [...frames, effect({})], NOW)).stale).toBe(true);
  });
});

describe('the device', () => {
  it('shows the payment link, its taps and its end', () => {
    const shown = after([event({ event: 'state', cause: 'pay', snapshot: READY })]);
    expect(deviceOf(shown)).toMatchObject({ deadline: NOW + 900_000, lifetime: 900 });
    expect(deviceOf(shown).view.counters.paymentLinks).toBe(1);
    const tapped = after([event({ event: 'tap', uri: READY.uri, snapshot: { ...READY, taps: 1 } })], shown);
    expect(deviceOf(tapped).view).toMatchObject({ snapshot: { taps: 1 }, counters: { taps: 1 } });
    const over = { ...IDLE.snapshot, state: 'expired', taps: 1 } as const;
    const expired = after([event({ event: 'state', cause: 'expiry', snapshot: over })], tapped);
    expect(deviceOf(expired)).toMatchObject({ deadline: undefined, lifetime: undefined });
    expect(rowsOf(expired).map((row) => row.kind === 'event' && row.text)).toEqual([
      'a phone read the payment link (1)',
      'the payment link expired',
    ]);
  });

  it('keeps the earlier of two guesses of the end, and takes a new one for a new payment link', () => {
    const shown = after([event({ event: 'state', cause: 'pay', snapshot: READY })]);
    const view = { ...IDLE, snapshot: { ...READY, remaining: 900 } };
    expect(deviceOf(reduce(shown, [{ input: 'view', view }], NOW + 700)).deadline).toBe(NOW + 900_000);
    const next = event({ event: 'state', cause: 'pay', snapshot: { ...READY, remaining: 60 } });
    expect(deviceOf(reduce(shown, [next], NOW + 700))).toMatchObject({ deadline: NOW + 60_700, lifetime: 60 });
  });

  it('loses its payment link and its session at a restart', () => {
    const state = after([
      event({ event: 'state', cause: 'pay', snapshot: READY }),
      event({ event: 'session', bootId: 1, session: { number: 7, connection: 'tcp 1' }, lastCommand: null }),
      event({ event: 'unplug', power: 'lost' }),
      event({ event: 'start', bootId: 2 }),
    ]);
    expect(deviceOf(state).view).toMatchObject({
      bootId: 2,
      session: null,
      snapshot: { plugged: false, state: 'idle' },
    });
  });

  it('has the steps since its last reset', () => {
    const command = (verb: string) => event({ event: 'command', do: verb, parameters: {}, by: 'http' });
    const steps = (verbs: string[]) => deviceOf(after(verbs.map(command))).steps.map((step) => step.do);
    expect(steps(['tap', 'reset', 'unplug', 'plug'])).toEqual(['reset', 'unplug', 'plug']);
    expect(steps(Array.from({ length: 40 }, (_, at) => (at === 39 ? 'plug' : 'tap')))).toHaveLength(30);
  });

  it('tells the last command', () => {
    expect(deviceOf(after([message(PAY, 1), message(PAID, 2)])).view.lastCommand).toEqual({ session: 7, sequence: 1 });
  });

  it('takes the counters of a view that was read', () => {
    const counters = { paymentLinks: 3, payFrames: 4, repeats: 1, taps: 2 };
    const state = reduce(after([message(PAY, 1)]), [{ input: 'view', view: { ...IDLE, counters } }], NOW);
    expect(deviceOf(state).view.counters).toEqual(counters);
  });
});

describe('the stream', () => {
  it('that goes on keeps the rows', () => {
    const state = reduce(after([message(PAY, 1)]), [devices(), message(PAID, 2)], NOW);
    expect(rowsOf(state)).toHaveLength(2);
  });

  it('of another process says that the emulator was started again', () => {
    const state = reduce(after([message(PAY, 1)]), [devices('b')], NOW);
    expect(rowsOf(state).at(-1)).toMatchObject({ kind: 'event', text: 'the emulator was started again' });
  });

  it('that left events out says how many', () => {
    const state = after([{ input: 'skipped', count: 12, time: new Date(NOW).toISOString() }]);
    expect(rowsOf(state)[0]).toMatchObject({ text: '12 events are missing here: the page was too slow to read them' });
    expect(deviceOf(state).stale).toBe(true);
  });

  it('of a device that is not known changes nothing', () => {
    const state = after([]);
    const stranger = message(PAY, 1) as Extract<PanelInput, { input: 'event' }>;
    expect(reduce(state, [{ ...stranger, event: { ...stranger.event, serialNumber: 'X' } }], NOW)).toBe(state);
  });

  it('keeps the newest 20,000 rows, each with a key of its own', () => {
    const many = Array.from({ length: 20_100 }, (_, at) => message(PAY, at + 1));
    const rows = rowsOf(after(many));
    expect(rows).toHaveLength(20_000);
    expect((rows.at(-1) as FrameRow).frameNumber).toBe(20_100);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(20_000);
  });

  it('has no row that a later state changes', () => {
    const before = after([message(PAID, 2)]);
    const copy = structuredClone(before);
    reduce(before, [effect({}), message(PAY, 3)], NOW);
    expect(before).toEqual(copy);
    expect(deviceOf(before).serialNumber).toBe(SERIAL);
  });
});
