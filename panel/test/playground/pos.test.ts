import { Emulator, refuse } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { Pos } from '../../src/playground/pos.js';
import { type CallEntry, type PosEntry, withResolution } from '../../src/playground/pos-entry.js';
import { codeOf, FIRST_FORM, optionsOf, payCommandOf, problemOf } from '../../src/playground/pos-form.js';
import { callLine, msText } from '../../src/playground/timeline.js';
import { NOW } from '../events.js';
import { frame, told } from '../rows.js';

describe('the form', () => {
  it('makes a PayCommand, and leaves empty fields out', () => {
    expect(payCommandOf(FIRST_FORM)).toEqual({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' });
    expect(payCommandOf({ ...FIRST_FORM, expiryTime: '60' })).toMatchObject({ expiryTime: 60 });
    expect(optionsOf({ ...FIRST_FORM, timeoutMs: '1500' })).toEqual({ timeoutMs: 1500 });
    expect(optionsOf(FIRST_FORM)).toEqual({});
  });

  it('leaves wrong values to the SDK', () => {
    expect(payCommandOf({ ...FIRST_FORM, expiryTime: 'soon' })).toMatchObject({ expiryTime: 'soon' });
  });

  it('shows the call as code', () => {
    expect(codeOf('pay', { paymentMethod: "it's" }, { timeoutMs: 5 })).toBe(
      "const result = await client.pay({ paymentMethod: 'it\\'s' }, { timeoutMs: 5 });",
    );
    expect(codeOf('status', undefined, {})).toBe('const result = await client.status();');
    expect(codeOf('cancel', undefined, { timeoutMs: 5 })).toBe(
      'const result = await client.cancel({}, { timeoutMs: 5 });',
    );
  });
});

function callsOf(pos: Pos): CallEntry[] {
  return pos.entries.filter((entry) => entry.kind === 'call');
}

describe('the POS', () => {
  it('tells what the SDK says of each call', async () => {
    const emulator = new Emulator();
    const pos = new Pos(emulator.transport());
    await pos.pay(payCommandOf(FIRST_FORM), {});
    emulator.tap();
    await pos.status({});
    await pos.cancel('POS1-0042', {});
    expect(callsOf(pos).map(({ verb, end }) => [verb, end?.code])).toEqual([
      ['cancel', 'SUCCESS'],
      ['status', 'answer'],
      ['pay', 'SUCCESS'],
    ]);
    const facts = Object.fromEntries(callsOf(pos)[2]!.end!.facts.map(({ name, value }) => [name, value]));
    expect(facts).toMatchObject({ outcome: 'executed', linkLive: 'yes', pending: 'false', state: 'ready' });
    const { attempt } = callsOf(pos)[0]!.end!;
    expect((await pos.outcomeOf(attempt!, {})).facts).toContainEqual({ name: 'outcome', value: 'executed' });
    expect(pos.entries.flatMap((entry) => (entry.kind === 'event' ? entry.name : []))).toContain('connected');
    await emulator.close();
  });

  it('tells which fields the SDK refuses', async () => {
    const emulator = new Emulator();
    const pos = new Pos(emulator.transport());
    const wrong = { ...FIRST_FORM, amount: '12,00', expiryTime: 'soon' };
    const { code, fields } = await pos.pay(payCommandOf(wrong), {});
    expect(code).toBe('PARAM_ILLEGAL');
    expect(problemOf(fields, 'amount')).toMatch(/decimal point/);
    expect(problemOf(fields, 'expiryTime')).toMatch(/soon/);
    expect(problemOf(fields, 'orderId')).toBeUndefined();
    await emulator.close();
  });

  it('tells the reason of a refusal', async () => {
    const emulator = new Emulator();
    emulator.use(refuse(6, { type: 'PAY' }));
    const pos = new Pos(emulator.transport());
    const { code, facts } = await pos.pay(payCommandOf(FIRST_FORM), {});
    expect(code).toBe('PROCESS_FAIL');
    expect(facts).toContainEqual({ name: 'reason', value: '6' });
    await emulator.close();
  });

  it('tells a failure of a call without a result', async () => {
    const emulator = new Emulator();
    emulator.unplug();
    const pos = new Pos(emulator.transport());
    expect(await pos.status({ timeoutMs: 1 })).toMatchObject({ code: 'DEVICE_DISCONNECTED', facts: [] });
    pos.clear();
    expect(pos.entries).toEqual([]);
    await emulator.close();
  });
});

const ATTEMPT = { command: 'PAY', session: 7, sequence: 1, serialNumber: 'A', bootId: 1, last: null } as const;

function call(change: Partial<CallEntry> = {}): CallEntry {
  const end = { at: NOW + 100, code: 'SUCCESS', facts: [], fields: [], attempt: ATTEMPT };
  return { kind: 'call', key: 1, code: '', verb: 'pay', start: NOW, end, ...change };
}

describe('the end of a doubt', () => {
  const resolved = {
    outcome: 'executed',
    linkLive: 'yes',
    pending: false,
    state: 'ready',
    taps: 0,
    attempt: ATTEMPT,
  } as const;

  it('belongs to the call that was in doubt', () => {
    const other = call({ key: 2, end: { ...call().end!, attempt: { ...ATTEMPT, sequence: 2 } } });
    const entries: PosEntry[] = [call(), other, { kind: 'event', key: 3, start: NOW, name: 'link', text: '' }];
    expect(withResolution(entries, resolved)).toEqual([{ ...call(), resolved }, other, entries[2]]);
  });
});

describe('the line of a call', () => {
  const at = (ms: number) => new Date(NOW + ms).toISOString();

  it('has the frames of its time, in order', () => {
    const rows = [
      frame({ key: 1, time: at(-5) }),
      frame({ key: 2, time: at(0), title: 'PAY' }),
      told('plugged in'),
      frame({ key: 3, time: at(50), title: 'PAY reply', direction: 'out', stopped: true }),
      frame({ key: 4, time: at(150) }),
    ];
    const { ms, ticks } = callLine(call(), rows, NOW);
    expect(ms).toBe(100);
    expect(ticks).toMatchObject([
      { key: 2, at: 0, direction: 'in', stopped: false, text: 'PAY to the device, after 0 ms' },
      { key: 3, at: 0.5, direction: 'out', stopped: true, text: 'PAY reply from the device, after 50 ms' },
    ]);
  });

  it('keeps frames of the same moment apart, inside the line', () => {
    const rows = [0, 0, 100, 100, 100].map((ms, key) => frame({ key, time: at(ms) }));
    const places = callLine(call(), rows, NOW).ticks.map((tick) => tick.at);
    expect(places).toHaveLength(5);
    for (const [index, place] of places.slice(1).entries()) expect(place - places[index]!).toBeGreaterThan(0.02);
    expect(places.at(-1)).toBe(1);
  });

  it('grows while the call waits', () => {
    expect(callLine(call({ end: undefined }), [], NOW + 30)).toEqual({ ms: 30, ticks: [] });
    expect([msText(0.42), msText(1002.4)]).toEqual(['0.4 ms', '1002 ms']);
  });
});
