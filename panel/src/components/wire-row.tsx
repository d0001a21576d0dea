import type { EventRow, FrameRow, Note, Row } from '../model/row.js';
import { clockText } from '../model/time-text.js';

interface WireRowProps {
  readonly row: Row;
  /** The place in the list, from 0. */
  readonly index: number;
  readonly isChosen: boolean;
  readonly onChoose: (key: number) => void;
}

/** The id of a row in the document. */
export function rowId(key: number): string {
  return `row-${key}`;
}

/** A frame or an event of the list. */
export function WireRow({ row, index, isChosen, onChoose }: WireRowProps) {
  return (
    <tr
      id={rowId(row.key)}
      data-key={row.key}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      class={row.kind === 'event' ? `event ${row.tone}${row.mark ? ' mark' : ''}` : row.stopped ? 'stopped' : ''}
      onClick={() => onChoose(row.key)}
    >
      <td class="t">{clockText(row.time)}</td>
      {row.kind === 'event' ? <EventCell row={row} /> : <FrameCells row={row} />}
    </tr>
  );
}

function EventCell({ row }: { readonly row: EventRow }) {
  return (
    <td class="e" colSpan={5}>
      {row.text}
    </td>
  );
}

function FrameCells({ row }: { readonly row: FrameRow }) {
  const isIn = row.direction === 'in';
  return (
    <>
      <td class={`d ${row.direction}`}>
        <span aria-hidden="true">{isIn ? '→' : '←'}</span>
        <span class="hidden">{isIn ? 'from the host' : 'from the device'}</span>
      </td>
      <td class="m">{row.title}</td>
      <td class="id">
        {row.session}/{row.sequence}
      </td>
      <td class="f">
        <span class="said">
          {row.result !== undefined && <b class={row.result === 'SUCCESS' ? 'good' : 'bad'}>{row.result}</b>}
          {row.facts.map(({ name, value }) => (
            <span key={name}>
              <i>{name}</i> {value}
            </span>
          ))}
        </span>
        {row.notes.map((note) => (
          <NoteText key={note.text} note={note} />
        ))}
      </td>
      <td class="n">{row.wire.length / 2}</td>
    </>
  );
}

function NoteText({ note }: { readonly note: Note }) {
  return <span class={`note ${note.tone}`}>{note.text}</span>;
}
