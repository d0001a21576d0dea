import type { EmulatorEvent } from '@bluetap/emulator';
import type { ParameterValues } from '@bluetap/emulator/commands';

/** Who gave a command. */
export type CommandSource = 'http' | 'stdin' | 'scenario' | 'trigger';

/** A command changed a device. */
export interface CommandDone {
  readonly event: 'command';
  /** The verb. */
  readonly do: string;
  readonly parameters: ParameterValues;
  readonly by: CommandSource;
}

/** An event of the stream: an event of a device, or a command. */
export type StreamEvent = EmulatorEvent | CommandDone;

/** Receives the lines of the stream. */
export interface Watcher {
  /** @param chunk Whole events, encoded. @param count How many events the chunk has. */
  onEvents(chunk: Uint8Array, count: number): void;
}

/** How many events the stream can tell again to a watcher that comes later. */
const KEPT = 1000;

/**
 * The shortest time between two flushes, in milliseconds. A flush writes to each watcher. If a POS sends one PAY after the
 * other, a flush after each of them would take longer than the PAY.
 */
const PAUSE_MS = 25;

const encoder = new TextEncoder();

/**
 * Passes events on to the watchers. A device that emits an event only adds it to a list. The events of a pause are encoded
 * together, once for all watchers, so that the watchers do not slow a payment.
 */
export class EventHub {
  readonly #watchers = new Set<Watcher>();
  readonly #kept: { readonly id: number; readonly text: string }[] = [];
  #pending: { readonly id: number; readonly event: object }[] = [];
  #lastId = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** The number of the latest event. */
  get lastId(): number {
    return this.#lastId;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Adds an event. */
  add(event: StreamEvent, serialNumber: string): void {
    const id = ++this.#lastId;
    this.#pending.push({ id, event: { ...event, serialNumber, time: new Date().toISOString() } });
    // A device that emits many thousand events in one turn must not fill the memory.
    if (this.#pending.length >= KEPT) this.flush();
    else this.#cancel ??= this.#schedule();
  }

  /** Adds a watcher. Returns the function that removes it. It first gets the events that are newer than `since`. */
  watch(watcher: Watcher, since: number): () => void {
    this.flush();
    const missed = this.#kept.filter(({ id }) => id > since);
    if (missed.length > 0) watcher.onEvents(encoder.encode(missed.map(({ text }) => text).join('')), missed.length);
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Sends the events that wait. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#flushedAt = performance.now();
    const count = this.#pending.length;
    if (count === 0) return;
    const text = this.#encode();
    if (this.#watchers.size === 0) return;
    const chunk = encoder.encode(text);
    for (const watcher of [...this.#watchers]) watcher.onEvents(chunk, count);
  }

  close(): void {
    this.#cancel?.();
    this.#watchers.clear();
  }

  /** The first event after a pause goes out when this turn of the event loop is over, so that a reply goes out first. */
  #schedule(): () => void {
    const wait = this.#flushedAt + PAUSE_MS - performance.now();
    if (wait <= 0) {
      const immediate = setImmediate(() => this.flush());
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(() => this.flush(), wait).unref();
    return () => clearTimeout(timer);
  }

  /** Encodes the events that wait, and keeps the newest of them. */
  #encode(): string {
    const lines = this.#pending.map(({ id, event }) => ({ id, text: eventText(event, id) }));
    this.#pending = [];
    this.#kept.push(...lines);
    if (this.#kept.length > KEPT) this.#kept.splice(0, this.#kept.length - KEPT);
    return lines.map(({ text }) => text).join('');
  }
}

/** An event in the format of server-sent events. */
export function eventText(event: object, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`;
}
