interface Place<T> {
  readonly value: T;
  waits: boolean;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
}

/**
 * Who waits, in order. Joining, leaving from anywhere and being the next cost the same for ten that wait and for ten
 * thousand: in an array, each that leaves moves all behind it.
 */
export class WaitingLine<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Joins at the end. Returns the function that leaves the line, from wherever; it does nothing once that has happened. */
  join(value: T): () => void {
    const place: Place<T> = { value, waits: true, before: this.#last, behind: undefined };
    if (this.#last) this.#last.behind = place;
    else this.#first = place;
    this.#last = place;
    return () => this.#take(place);
  }

  /** Takes out who has waited longest. */
  shift(): T | undefined {
    const first = this.#first;
    if (first) this.#take(first);
    return first?.value;
  }

  #take(place: Place<T>): void {
    if (!place.waits) return;
    place.waits = false;
    const { before, behind } = place;
    if (before) before.behind = behind;
    else this.#first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
  }
}
