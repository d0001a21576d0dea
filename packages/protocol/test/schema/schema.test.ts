import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type FieldName, type Message, MessageType, PaymentMethod, Reason } from '../../src/index.js';
import type { FieldRows } from '../../src/schema/fields.js';
import type { MessageRows } from '../../src/schema/messages.js';
import {
  describeReason,
  FIELDS,
  type FieldRow,
  MESSAGES,
  type MessageRow,
  PAYMENT_LINK_STATES,
  REASONS,
  REFUSAL,
  resultOf,
  TAP_SOURCES,
  tagOf,
  WIRE_RESULTS,
} from '../../src/tools/index.js';

const SPECIFICATION = readFileSync(new URL('../../../../docs/protocol.md', import.meta.url), 'utf8');

/** Returns the rows of the first table after a heading, without the table's head. Each row is a list of its cells. */
function tableUnder(heading: string): string[][] {
  const [, text] = SPECIFICATION.split(`\n${heading}\n`);
  const lines = text!.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const count = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + count).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const hex = (number: number) => `\`${number.toString(16).toUpperCase().padStart(2, '0')}\``;

const RULES = tableUnder('## 6 Field rules').map(([name, rule]) => ({ name, rule: rule! }));
const FIELDS_TABLE = SPECIFICATION.split('\n## 3 Messages\n')[1]!;

test('the messages equal the table of section 3, with the same order and words', () => {
  const rows = (MESSAGES as readonly MessageRow[]).map(({ type, name, from, fields, whenReady }) => {
    const also = whenReady ? `; and when the state is ready also ${whenReady.join(', ')}` : '';
    return [hex(type), name.replace('_REPLY', ' reply'), from, (fields.join(', ') || 'none') + also];
  });
  expect(rows).toStrictEqual(tableUnder('## 3 Messages'));
  expect(FIELDS_TABLE).toContain(`has exactly\n${REFUSAL.join(', ').replace(', state', ' and state')}.`);
  expect(MessageType).toStrictEqual(Object.fromEntries(MESSAGES.map(({ name, type }) => [name, type])));
});

describe('the fields equal the table of section 3', () => {
  const table = FIELDS_TABLE.split('\n### Fields\n')[1]!
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .slice(0, FIELDS.length)
    .map((line) => line.split('|').map((cell) => cell.trim()));

  test('the same order and words', () => {
    expect(FIELDS.map(({ tag, name }) => [hex(tag), name])).toStrictEqual(table.map((cells) => cells.slice(1, 3)));
    for (const { tag, name } of FIELDS) expect(tagOf(name)).toBe(tag);
    expect(FIELDS.map(({ tag }) => tag)).toStrictEqual(FIELDS.map(({ tag }) => tag).sort((a, b) => a - b));
  });

  test.each(FIELDS.map((row, index): [string, FieldRow, string] => [row.name, row, table[index]![3]!]))(
    '%s: sizes and bounds',
    (name, row, value) => {
      const rule = RULES.find((each) => each.name === name)?.rule;
      if (row.coder === 'uint') {
        expect(value).toMatch(row.size === 1 ? /^u8/ : /^u32/);
        const bounds = /(\d+) to (\d{4,})/.exec(value) ?? [0, 0, 2 ** (8 * row.size) - 1];
        expect([row.minimum, row.maximum]).toStrictEqual([Number(bounds[1]), Number(bounds[2])]);
        if (rule) expect(rule).toContain(`${row.minimum} to ${row.maximum}`);
      } else if (row.coder === 'ascii' || row.coder === 'name') {
        expect(value).toMatch(
          new RegExp(`^(text|label), .*${row.minimum} to ${row.maximum} characters`.replace('.*', '(section 6, )?')),
        );
      } else if (row.coder === 'previous') expect(value).toMatch(/^u8 state and u8 taps, two bytes/);
      else if (row.coder === 'command-id') expect(value).toMatch(/^u16 session and u8 sequence, three bytes/);
      else expect(value).toMatch(/^u8/);
    },
  );

  test('the allowed characters equal sections 3 and 6', () => {
    const spelled = FIELDS.flatMap((row) => {
      if (row.coder !== 'ascii') return [];
      const { lowest, highest, separator } = row.alphabet;
      return [[row.name, hex(lowest), hex(highest), ...(separator === undefined ? [] : [hex(separator)])]];
    });
    const [label, highest] = /A label is printable ASCII, (`..`) to (`..`)/.exec(SPECIFICATION)!.slice(1);
    const order = /characters of (`..`) to (`..`): printable, no space/.exec(SPECIFICATION)!.slice(1);
    const amount = /digits (`..`) to (`..`), and at most one point (`..`)/.exec(SPECIFICATION)!.slice(1);
    expect(spelled).toStrictEqual([
      ['amount', ...amount],
      ['order id', ...order],
      ...['model', 'firmware', 'serial number'].map((name) => [name, label, highest]),
    ]);
  });

  test('the numbered names equal section 3, and the payment methods equal section 6', () => {
    const numbered = (heading: string) => tableUnder(heading).map(([number, name]) => [Number(number), name]);
    expect(WIRE_RESULTS.map((name, number) => [number, name])).toStrictEqual(numbered('### Results'));
    expect(PAYMENT_LINK_STATES.map((name, number) => [number, name])).toStrictEqual(numbered('### States'));
    expect(TAP_SOURCES.map((name, number) => [number, name])).toStrictEqual(numbered('### Tap sources'));
    const methods = RULES[0]!.rule.match(/`\w+`/g)!.map((name) => name.slice(1, -1));
    expect(Object.values(PaymentMethod)).toStrictEqual(methods);
  });
});

test('the reasons equal section 3, and each has its result, a name and a description', () => {
  const table = tableUnder('### Reasons');
  expect(REASONS.map(({ number, result }) => [`${number}`, result])).toStrictEqual(
    table.map(([number, , result]) => [number, result]),
  );
  expect(Object.fromEntries(REASONS.map(({ code, number }) => [code, number]))).toStrictEqual(Reason);
  for (const { number, result, text } of REASONS) {
    expect([resultOf(number), describeReason(number)]).toStrictEqual([result, text]);
  }
  expect(describeReason(12)).toBe('reason 12, which this version does not know');
});

test('the types of the messages have the properties of the schema', () => {
  type Row = MessageRows;
  type Mark<F extends string> = F extends `${infer N}?` ? N : F;
  type Fields<R> = R extends { fields: readonly (infer F extends string)[] } ? Mark<F> : never;
  type Ready<R> = R extends { whenReady: readonly (infer F extends string)[] } ? Mark<F> : never;
  type Property<N> = Extract<FieldRows, { name: N }>['property'];
  type Declared = { [R in Row as R['name']]: Property<Fields<R> | Ready<R>> };
  type Keys<M> = M extends unknown ? Exclude<keyof M, 'type' | 'session' | 'sequence' | 'reason'> : never;
  type Written = { [M in Message as M['type']]: Keys<M> };
  expectTypeOf<Written>().toEqualTypeOf<Declared>();
  expectTypeOf<Row['name']>().toEqualTypeOf<Message['type']>();
  type Types = { readonly [R in Row as R['name']]: R['type'] };
  expectTypeOf<typeof MessageType>().branded.toEqualTypeOf<Types>();
  expectTypeOf<FieldRows['property']>().toEqualTypeOf<FieldName>();
});
