import { useRef } from 'preact/hooks';
import type { Row } from '../model/row.js';
import { useRowWindow } from './use-row-window.js';
import { rowId, WireRow } from './wire-row.js';

interface WireTableProps {
  readonly rows: readonly Row[];
  /** The key of the chosen row. */
  readonly chosen: number | undefined;
  readonly onChoose: (key: number) => void;
  readonly isFiltered: boolean;
}

/** The list of frames and events, oldest first. Arrow keys choose a row. */
export function WireTable({ rows, chosen, onChoose, isFiltered }: WireTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const { window, isAtEnd, onScroll, show, toEnd } = useRowWindow(rows, box);
  const isInSight = rows.slice(window.first, window.end).some(({ key }) => key === chosen);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ key }) => key === chosen);
    const start = at < 0 ? rows.length : at;
    const steps = {
      ArrowDown: start + 1,
      ArrowUp: start - 1,
      PageDown: start + 10,
      PageUp: start - 10,
      Home: 0,
      End: rows.length,
    };
    const to = (steps as Readonly<Record<string, number>>)[event.key];
    if (to === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, to));
    onChoose(rows[next]!.key);
    show(next);
  };
  return (
    <div class="log-frame">
      <div class="log" ref={box} onScroll={onScroll}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: keys choose a row, so it is a grid
          role="grid"
          tabIndex={0}
          aria-label="Frames and events, oldest first"
          aria-rowcount={rows.length + 1}
          aria-activedescendant={chosen !== undefined && isInSight ? rowId(chosen) : undefined}
          onKeyDown={onKeyDown}
        >
          <Head />
          <tbody>
            {window.before > 0 && <Spacer height={window.before} />}
            {rows.slice(window.first, window.end).map((row, at) => (
              <WireRow
                key={row.key}
                row={row}
                index={window.first + at}
                isChosen={row.key === chosen}
                onChoose={onChoose}
              />
            ))}
            {window.after > 0 && <Spacer height={window.after} />}
          </tbody>
        </table>
        {rows.length === 0 && (
          <p class="dim nothing">{isFiltered ? 'No row has this.' : 'Nothing yet: a POS has not connected.'}</p>
        )}
      </div>
      {!isAtEnd && rows.length > 0 && (
        <button type="button" class="to-end" onClick={toEnd}>
          ↓ Newest
        </button>
      )}
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" class="t">
          Time
        </th>
        <th scope="col" class="d">
          <span aria-hidden="true">⇄</span>
          <span class="hidden">Direction</span>
        </th>
        <th scope="col" class="m">
          Message
        </th>
        <th scope="col" class="id">
          Session
        </th>
        <th scope="col" class="f">
          Fields
        </th>
        <th scope="col" class="n">
          Bytes
        </th>
      </tr>
    </thead>
  );
}

/** Takes the place of the rows that are not in the document. */
function Spacer({ height }: { readonly height: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr class="spacer" aria-hidden="true">
      <td colSpan={6} style={{ height: `${height}px` }} />
    </tr>
  );
}
