import type { FrameRow, Row } from './row.js';

/** What the list shows. */
export interface Filter {
  /** One of `ROW_KINDS`. */
  readonly kind: string;
  /** A part of what a row says, in upper or lower case. */
  readonly text: string;
}

/** Shows all rows. */
export const NO_FILTER: Filter = { kind: 'all', text: '' };

/** The kinds of rows that a person can choose, with their labels. */
export const ROW_KINDS = [
  { kind: 'all', label: 'Everything' },
  { kind: 'frames', label: 'Frames' },
  { kind: 'faults', label: 'Faults and repeats' },
  { kind: 'HELLO', label: 'HELLO and reply' },
  { kind: 'PAY', label: 'PAY and reply' },
  { kind: 'CANCEL', label: 'CANCEL and reply' },
  { kind: 'STATUS', label: 'STATUS and reply' },
  { kind: 'LINK', label: 'LINK' },
  { kind: 'events', label: 'Events' },
] as const;

/** True if the filter leaves rows out. */
export function isFiltering({ kind, text }: Filter): boolean {
  return kind !== 'all' || text.trim() !== '';
}

/** Returns the rows that the filter shows. */
export function filterRows(rows: readonly Row[], { kind, text }: Filter): readonly Row[] {
  const wanted = text.trim().toLowerCase();
  if (kind === 'all' && wanted === '') return rows;
  return rows.filter((row) => isOfKind(row, kind) && (wanted === '' || textOfRow(row).includes(wanted)));
}

function isOfKind(row: Row, kind: string): boolean {
  if (kind === 'all') return true;
  // A mark is always shown, so that a person can find it.
  if (row.kind === 'event') return kind === 'events' || row.mark === true;
  if (kind === 'events') return false;
  if (kind === 'frames') return true;
  if (kind === 'faults') return row.notes.length > 0 || row.message === undefined;
  return row.title === kind || row.title === `${kind} reply`;
}

/** The text of each row. It is made once, because a row never changes and the rows are filtered for each event. */
const texts = new WeakMap<Row, string>();

/** Everything that a row says, in lower case, for a search. */
function textOfRow(row: Row): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const text = (row.kind === 'event' ? row.text : [...wordsOf(row), row.wire].join(' ')).toLowerCase();
  texts.set(row, text);
  return text;
}

function wordsOf({ title, session, sequence, result, facts, notes, connection }: FrameRow): string[] {
  const values = facts.map(({ name, value }) => `${name} ${value}`);
  return [title, `${session}/${sequence}`, result ?? '', ...values, ...notes.map(({ text }) => text), connection];
}
