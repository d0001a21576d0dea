import type { Clock } from '@bluetap/transport';

interface Timer {
  readonly due: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

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

  /** Runs until `end` milliseconds. Calls `each` after every instant. */
  async runUntil(end: number, each?: () => void): Promise<void> {
    await settled();
    for (;;) {
      const timer = this.#heap[0];
      if (!timer || timer.due > end) break;
      this.#pop();
      const { callback } = timer;
      if (!callback) continue;
      timer.callback = undefined;
      this.#now = Math.max(this.#now, timer.due);
      callback();
      await settled();
      each?.();
    }
    this.#now = Math.max(this.#now, end);
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

/**
 * Resolves when every promise that can settle has settled. Node runs a tick only after the queue of microtasks is empty,
 * even if the queue grew in that time. A turn of the event loop would have the same effect and take ten times as long.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
