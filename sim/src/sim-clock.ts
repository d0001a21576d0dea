import type { Clock } from '@bluetap/transport';

interface Timer {
  readonly due: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

const SETTLED = Promise.resolve();

/**
 * Virtual time for many timers. A heap orders them by due time, and then by the order in which they were set. All
 * promises settle between two instants.
 */
export class SimClock implements Clock {
  readonly #heap: Timer[] = [];
  #now = 0;
  #order = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    if (!(ms <= 2147483647)) throw new RangeError(`a timer of ${ms} ms would fire at once`);
    const timer = { due: this.#now + Math.max(0, ms), order: this.#order++, callback };
    this.#push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    const set = timer as Timer | undefined;
    if (set) set.callback = undefined;
  }

  /**
   * Runs until `end` milliseconds. Calls `each` after every instant, when every promise that can settle has settled.
   *
   * Node runs a tick only after the queue of microtasks is empty, even if the queue grew in that time. A turn of the
   * event loop would have the same effect and take ten times as long.
   */
  runUntil(end: number, each?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let begun = false;
      const instant = () => {
        try {
          if (begun) each?.();
          begun = true;
          const callback = this.#next(end);
          if (!callback) {
            this.#now = Math.max(this.#now, end);
            resolve();
            return;
          }
          callback();
          // Node empties the queue of ticks before that of microtasks, so a microtask sets the next tick.
          void SETTLED.then(soon);
        } catch (error) {
          reject(error);
        }
      };
      const soon = () => process.nextTick(instant);
      soon();
    });
  }

  /** Goes to the time of the next timer that is due until `end`. Returns its callback. */
  #next(end: number): (() => void) | undefined {
    for (let timer = this.#heap[0]; timer && timer.due <= end; timer = this.#heap[0]) {
      this.#pop();
      const { callback } = timer;
      if (!callback) continue;
      timer.callback = undefined;
      this.#now = Math.max(this.#now, timer.due);
      return callback;
    }
    return undefined;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (before(heap[parent]!, timer)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (before(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
