import { describe, expect, it } from 'vitest';
import { filterRows, isFiltering, NO_FILTER, ROW_KINDS } from '../../src/model/filter.js';
import { frame, told } from '../rows.js';

const PAY = frame({ title: 'PAY', facts: [{ name: 'order id', value: 'POS1-0042' }] });
const LOST = frame({ title: 'PAY reply', stopped: true, notes: [{ tone: 'bad', text: 'lost by loseReplies' }] });
const BAD = frame({ title: 'type 0x7f', message: undefined });
const STATUS = frame();
const TAP = told('a phone read the payment link (1)');
const MARK = told('mark 1', { mark: true });
const ROWS = [PAY, LOST, BAD, STATUS, TAP, MARK];

describe('the filter', () => {
  it.each([
    ['all', ROWS],
    ['frames', [PAY, LOST, BAD, STATUS, MARK]],
    ['faults', [LOST, BAD, MARK]],
    ['PAY', [PAY, LOST, MARK]],
    ['STATUS', [STATUS, MARK]],
    ['LINK', [MARK]],
    ['events', [TAP, MARK]],
  ])('shows the rows of the kind %s', (kind, rows) => {
    expect(ROW_KINDS.map((each) => each.kind)).toContain(kind);
    expect(filterRows(ROWS, { kind, text: '' })).toEqual(rows);
  });

  it.each([
    ['pos1-0042', [PAY]],
    ['  LOSEREPLIES ', [LOST]],
    ['0008010407', [PAY, LOST, BAD, STATUS]],
    ['a phone', [TAP]],
    ['7/2', [PAY, LOST, BAD, STATUS]],
    ['nowhere', []],
  ])('finds %j', (text, rows) => {
    expect(filterRows(ROWS, { kind: 'all', text })).toEqual(rows);
  });

  it('that leaves nothing out returns the same list', () => {
    expect(filterRows(ROWS, NO_FILTER)).toBe(ROWS);
    expect(isFiltering(NO_FILTER)).toBe(false);
    expect(isFiltering({ kind: 'all', text: ' ' })).toBe(false);
    expect(isFiltering({ kind: 'PAY', text: '' })).toBe(true);
  });
});
