import type { RefObject } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { DeviceModel } from '../model/device-model.js';
import { type Filter, filterRows, isFiltering, NO_FILTER, ROW_KINDS } from '../model/filter.js';
import { recordName, recordText } from '../model/record.js';
import type { FrameRow, Row } from '../model/row.js';
import type { Actions } from './actions.js';
import { FrameBytes } from './frame-bytes.js';
import { useShortcuts } from './hooks.js';
import { WireTable } from './wire-table.js';

interface WireCardProps {
  readonly device: DeviceModel;
  readonly actions: Actions;
  readonly onMark: () => void;
}

/** The frames as they come, and each byte of the chosen one. */
export function WireCard({ device, actions, onMark }: WireCardProps) {
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [frozen, setFrozen] = useState<readonly Row[]>();
  const [chosen, setChosen] = useState<number>();
  const search = useRef<HTMLInputElement>(null);
  const all = frozen ?? device.rows;
  const rows = useMemo(() => filterRows(all, filter), [all, filter]);
  const waiting = frozen ? newerThan(device.rows, frozen.at(-1)?.key ?? 0) : 0;
  const togglePause = () => setFrozen(frozen ? undefined : device.rows);
  useShortcuts({ p: togglePause, '/': () => search.current?.focus() });
  // The row can have new notes: it is looked up again.
  const frame = device.rows.find((row) => row.key === chosen) ?? rows.find((row) => row.key === chosen);
  return (
    <section class="card wire" aria-labelledby="wire">
      <div class="wire-head">
        <h2 id="wire">On the wire</h2>
        <button type="button" aria-pressed={frozen !== undefined} onClick={togglePause}>
          {frozen ? `Continue${waiting > 0 ? ` (${waiting} new)` : ''}` : 'Pause'} <kbd>P</kbd>
        </button>
        <button type="button" onClick={onMark}>
          Mark
        </button>
        <RecordButtons device={device} actions={actions} />
      </div>
      <FilterBar filter={filter} onFilter={setFilter} search={search} shown={rows.length} all={all.length} />
      <WireTable rows={rows} chosen={chosen} onChoose={setChosen} isFiltered={isFiltering(filter)} />
      {frame?.kind === 'frame' ? (
        <FrameBytes frame={frame as FrameRow} actions={actions} />
      ) : (
        <p class="dim choose">Choose a frame to see each of its bytes.</p>
      )}
    </section>
  );
}

/** Keys ascend, so the newer rows are at the end. */
function newerThan(rows: readonly Row[], key: number): number {
  return rows.length - 1 - rows.findLastIndex((row) => row.key <= key);
}

function RecordButtons({ device, actions }: Pick<WireCardProps, 'device' | 'actions'>) {
  const save = () => {
    const blob = new Blob([recordText(device.record)], { type: 'application/x-ndjson' });
    const address = URL.createObjectURL(blob);
    const anchor = document.createElement('a');
    anchor.href = address;
    anchor.download = recordName(device.serialNumber, new Date().toISOString());
    anchor.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <button type="button" onClick={() => void actions.copy(recordText(device.record), 'the record')}>
        Copy record
      </button>
      <button type="button" onClick={save}>
        Save .jsonl
      </button>
    </>
  );
}

interface FilterBarProps {
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly shown: number;
  readonly all: number;
}

function FilterBar({ filter, onFilter, search, shown, all }: FilterBarProps) {
  return (
    <search class="filter">
      <label>
        <span class="hidden">Rows to show</span>
        <select value={filter.kind} onChange={(event) => onFilter({ ...filter, kind: event.currentTarget.value })}>
          {ROW_KINDS.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label class="search">
        <span class="hidden">Text in a row</span>
        <input
          ref={search}
          type="search"
          placeholder="Filter: order id, amount, fault, hex"
          value={filter.text}
          onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <kbd>/</kbd>
      </label>
      <span class="dim count">
        {isFiltering(filter) ? `${shown} of ${all} rows` : `${all} ${all === 1 ? 'row' : 'rows'}`}
      </span>
      {isFiltering(filter) && (
        <button type="button" onClick={() => onFilter(NO_FILTER)}>
          Show all
        </button>
      )}
    </search>
  );
}
