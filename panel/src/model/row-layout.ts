/** The part of a row that the layout needs. */
export interface Placed {
  readonly key: number;
}

/** The part of a long list that is in the document. Heights are in CSS pixels. */
export interface Window {
  /** The index of the first row. */
  readonly first: number;
  /** The index after the last row. */
  readonly end: number;
  /** The height of the rows before the first. */
  readonly before: number;
  /** The height of the rows after the last. */
  readonly after: number;
}

/** The places of rows of different heights. A row has an estimated height until it was measured. */
export class RowLayout {
  readonly #estimate: number;
  /** By the key of the row. */
  #heights: (number | undefined)[] = [];
  /** The rows whose places are known now; undefined after a change of a height. */
  #rows: readonly Placed[] | undefined;
  /** The place where each row starts. The last entry is the end of the list. */
  #starts = new Float64Array(1);

  /** @param estimate The height of a row that was never in the document. */
  constructor(estimate: number) {
    this.#estimate = estimate;
  }

  /** Notes the height of the row with this key. Returns true if the height has changed. */
  measured(key: number, height: number): boolean {
    if (Math.abs((this.#heights[key] ?? this.#estimate) - height) < 0.5) return false;
    this.#heights[key] = height;
    this.#rows = undefined;
    return true;
  }

  /** Forgets all heights, because the list has another width now. */
  forget(): void {
    this.#heights = [];
    this.#rows = undefined;
  }

  /** Returns the rows that are in sight, and those that are up to `overscan` pixels above and below. */
  windowOf(rows: readonly Placed[], top: number, height: number, overscan: number): Window {
    const starts = this.#startsOf(rows);
    const first = Math.min(rows.length, indexAt(starts, rows.length, top - overscan));
    const end = Math.min(rows.length, indexAt(starts, rows.length, top + height + overscan) + 1);
    return { first, end, before: starts[first]!, after: starts[rows.length]! - starts[end]! };
  }

  /** Returns the height of all rows. */
  heightOf(rows: readonly Placed[]): number {
    return this.#startsOf(rows)[rows.length]!;
  }

  /** Returns where the row with this index starts and ends. */
  placeOf(rows: readonly Placed[], index: number): { readonly top: number; readonly bottom: number } {
    const starts = this.#startsOf(rows);
    return { top: starts[index]!, bottom: starts[index + 1]! };
  }

  #startsOf(rows: readonly Placed[]): Float64Array {
    if (rows === this.#rows) return this.#starts;
    const starts = new Float64Array(rows.length + 1);
    let at = 0;
    for (let index = 0; index < rows.length; index++) {
      at += this.#heights[rows[index]!.key] ?? this.#estimate;
      starts[index + 1] = at;
    }
    this.#rows = rows;
    this.#starts = starts;
    return starts;
  }
}

/** Returns the index of the last row that starts at a place or before it; 0 if the place is before all rows. */
function indexAt(starts: Float64Array, count: number, place: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
