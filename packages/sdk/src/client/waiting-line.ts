interface Place<T> {
  readonly value: T;
  waits: boolean;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
}

/**
 * A queue. To join, to leave from any place and to take the first value cost the same for ten values and for ten
 * thousand. In an array, each value that leaves moves all values behind it.
 */
export class WaitingLine<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /**
   * Adds a value at the end.
   * @returns The function that removes the value from any place. It does nothing if the value has left before.
   */
  join(value: T): () => void {
    const place: Place<T> = { value, waits: true, before: this.#last, behind: undefined };
    if (this.#last) this.#last.behind = place;
    else this.#first = place;
    this.#last = place;
    return () => this.#take(place);
  }

  /** Takes out the value that has waited longest. */
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
