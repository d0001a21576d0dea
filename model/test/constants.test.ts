import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Reason } from '../../packages/protocol/src/index.js';
import { PARTIAL_FRAME_TIMEOUT_MS } from '../../packages/protocol/src/schema/limits.js';
import { DEFAULT_EXPIRY_TIME, PAYMENT_LINK_STATES, REASONS } from '../../packages/protocol/src/tools/index.js';
import { weighRefusal } from '../../packages/sdk/src/command/outcome-rules.js';
import { COPIES, DEFAULT_TIMEOUT_MS, HELLO_TRIES, REPLY_TIMEOUT_MS } from '../../packages/sdk/src/session/timing.js';
import { configurations } from './check-lists.js';
import { Promela } from './promela.js';

const model = new Promela(new URL('../delivery.pml', import.meta.url));
const specification = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

/** The cells of the rows of a table in the specification, below a heading or a bold title. */
function tableBelow(title: string): readonly (readonly string[])[] {
  const [, after = ''] = specification.split(`${title}`);
  const rows = /(?:^\|.*\n)+/m.exec(after)?.[0].trim().split('\n') ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the constants of the model', () => {
  it.each(Object.entries(Reason))('have the number of the reason %s, if the model has it', (code, number) => {
    const inTheModel = ['NO_SUCH_SESSION', 'ORDER_MISMATCH', 'NFC_FAULT', 'SEQUENCE_REUSED'];
    if (inTheModel.includes(code)) expect(model.constant(code)).toBe(number);
    else expect(() => model.constant(code)).toThrow('has no #define');
  });

  it('have the numbers of the states on the wire', () => {
    expect(PAYMENT_LINK_STATES.map((state) => model.constant(state.toUpperCase()))).toEqual([0, 1, 2, 3]);
  });

  it('are small enough for a pair of session and sequence in one byte', () => {
    for (const { name, bounds } of configurations()) {
      const bound = (of: string) => bounds.get(of) ?? model.constant(of);
      // One sequence for each call and for each STATUS, below the ghost bit.
      expect(bound('CALLS') + bound('STATUSES'), name).toBeLessThan(model.constant('BY_B'));
    }
  });
});

describe('the bounds of the model', () => {
  const largest = (name: string) =>
    Math.max(model.constant(name), ...configurations().map(({ bounds }) => bounds.get(name) ?? 0));

  it('include the number of copies of the SDK', () => {
    expect(largest('COPIES')).toBe(COPIES);
  });

  it('include as many HELLOs in one doubt as the SDK sends on one channel', () => {
    expect(model.constant('HELLOS')).toBeGreaterThanOrEqual(HELLO_TRIES);
  });
});

describe('section 5 of the specification', () => {
  const times = new Map(tableBelow('## 5 Timing').map(([what, who, time]) => [`${who}: ${what}`, time]));

  it.each([
    ['host: wait for a reply before a repeat', `${REPLY_TIMEOUT_MS} ms`],
    [
      'host: repeats of the same bytes',
      `${COPIES - 1}, so there are ${['no', 'one', 'two', 'three', 'four'][COPIES]} copies`,
    ],
    ['host: wait for the answer to one HELLO', `${REPLY_TIMEOUT_MS} ms`],
    ['host: all of these for one call', `within the caller's limit, ${DEFAULT_TIMEOUT_MS} ms by default`],
    ['both: silence that ends a partial frame', `${PARTIAL_FRAME_TIMEOUT_MS} ms`],
    ['device: lifetime of a payment link', `the expiry time, ${DEFAULT_EXPIRY_TIME} s if it is absent`],
  ])('has the time of the code for %s', (what, time) => {
    expect(times.get(what)).toBe(time);
  });

  it('leaves enough time for the device to answer, before the host repeats', () => {
    expect(Number.parseInt(/\d+/.exec(times.get('device: time to answer a request') ?? '')![0], 10)).toBeLessThan(
      REPLY_TIMEOUT_MS,
    );
  });
});

describe('the tables of the specification', () => {
  it('name the result of each reason as the code does', () => {
    const rows = tableBelow('### Reasons').map(([number, , result]) => [Number(number), result]);
    expect(rows).toEqual(REASONS.map(({ number, result }) => [number, result]));
  });

  it('say of a refusal what the model and the SDK decide', () => {
    const rows = tableBelow('**Refusals of a command.**');
    expect(rows).toHaveLength(4);
    const weights = { final: 'FINAL', again: 'AGAIN', doubt: 'DOUBT' } as const;
    for (const [which = '', copies = '', meaning = ''] of rows) {
      const named = (which.match(/\d+/g) ?? []).map(Number);
      const reasons =
        named.length > 0 ? named : REASONS.map(({ number }) => number).filter((each) => ![4, 10].includes(each));
      for (const reason of reasons) {
        for (const sent of copies === 'one' ? [1] : copies === 'any number' ? [1, 2, 3] : [2, 3]) {
          const weight = weighRefusal(reason, sent, false);
          const expected = /send the command again/.test(meaning)
            ? 'again'
            : /in doubt/.test(meaning)
              ? 'doubt'
              : 'final';
          expect(weight, `reason ${reason}, ${sent} copies`).toBe(expected);
          expect(model.rule('refusalRule')(reason, sent, false)).toBe(model.constant(weights[weight]));
        }
      }
    }
  });
});
