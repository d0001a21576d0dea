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

/**
 * The places of rows of different heights. A row has an estimated height until it was measured.
 */
export class RowLayout {
  readonly #estimate: number;
  readonly #heights = new Map<number, number>();

  /** @param estimate The height of a row that was never in the document. */
  constructor(estimate: number) {
    this.#estimate = estimate;
  }

  /** Notes the height of the row with this key. Returns true if it is another one than before. */
  measured(key: number, height: number): boolean {
    if (Math.abs((this.#heights.get(key) ?? this.#estimate) - height) < 0.5) return false;
    this.#heights.set(key, height);
    return true;
  }

  /** Forgets all heights: the list has another width now. */
  forget(): void {
    this.#heights.clear();
  }

  /** Returns the rows that are in sight, and `overscan` pixels more above and below. */
  windowOf(rows: readonly { readonly key: number }[], top: number, height: number, overscan: number): Window {
    const from = top - overscan;
    const to = top + height + overscan;
    let at = 0;
    let first = rows.length;
    let end = rows.length;
    let before = 0;
    let shownTo = 0;
    for (let index = 0; index < rows.length; index++) {
      const next = at + this.#heightOf(rows[index]!.key);
      if (first === rows.length && next > from) {
        first = index;
        before = at;
      }
      if (end === rows.length && next >= to) {
        end = index + 1;
        shownTo = next;
      }
      at = next;
    }
    if (first === rows.length) return { first, end, before: at, after: 0 };
    return { first, end, before, after: end === rows.length ? 0 : at - shownTo };
  }

  /** Returns the height of all rows. */
  heightOf(rows: readonly { readonly key: number }[]): number {
    return rows.reduce((height, { key }) => height + this.#heightOf(key), 0);
  }

  /** Returns where the row with this index starts and ends. */
  placeOf(rows: readonly { readonly key: number }[], index: number): { readonly top: number; readonly bottom: number } {
    let top = 0;
    for (let each = 0; each < index; each++) top += this.#heightOf(rows[each]!.key);
    return { top, bottom: top + this.#heightOf(rows[index]!.key) };
  }

  #heightOf(key: number): number {
    return this.#heights.get(key) ?? this.#estimate;
  }
}
