import type { EmulatorEvent, Snapshot } from '@bluetap/emulator';
import { BoundedOutput } from '../output/bounded-output.js';
import { jsonLine } from '../output/output.js';
import type { CommandEvent } from './hands.js';
import type { OpenListener } from './listeners.js';

/** How `emulate` tells what happens. Order ids and amounts stand in it: it is the display of the devices themselves. */
export interface Log {
  /** The first thing of all. There is one snapshot for each device. */
  ready(snapshots: readonly [Snapshot, ...Snapshot[]], listeners: readonly OpenListener[]): void;
  /** @param serialNumber Of the device to which it happened. */
  event(event: EmulatorEvent, serialNumber: string): void;
  /** Events that were left out: they came faster than they could be told. */
  skipped(count: number): void;
  /** What became of a command that came by stdin. */
  answer(answer: CommandEvent): void;
}

/** How many events may wait for `ready`: a listener that is open already is used while another one takes its time. */
const MAX_EARLY = 1000;

/** A log that begins with `ready`, whatever happens while the listeners are opened, and that ends when told. */
export class OrderlyLog implements Log {
  readonly #log: Log;
  #waiting: Parameters<Log['event']>[] | undefined = [];
  #skipped = 0;
  #ended = false;

  constructor(log: Log) {
    this.#log = log;
  }

  get ended(): boolean {
    return this.#ended;
  }

  ready(...ready: Parameters<Log['ready']>): void {
    if (this.#ended) return;
    this.#log.ready(...ready);
    for (const event of this.#waiting ?? []) this.#log.event(...event);
    this.#waiting = undefined;
    if (this.#skipped > 0) this.#log.skipped(this.#skipped);
  }

  event(...event: Parameters<Log['event']>): void {
    if (this.#ended) return;
    if (!this.#waiting) this.#log.event(...event);
    else if (this.#waiting.length < MAX_EARLY) this.#waiting.push(event);
    else this.#skipped++;
  }

  /** It skips by itself what comes before `ready`. */
  skipped(count: number): void {
    if (!this.#ended) this.#log.skipped(count);
  }

  /** Commands are read when the listeners are open, so `ready` has been said. */
  answer(answer: CommandEvent): void {
    if (!this.#ended) this.#log.answer(answer);
  }

  end(): void {
    this.#ended = true;
  }
}

/** One object per line, for programs. The first is `ready`; the rest are the emulator's events with the time added. */
export function jsonLog(stream: NodeJS.WriteStream): Log {
  const lineOf = (event: object) => `${jsonLine({ ...event, time: new Date().toISOString() })}\n`;
  const write = (event: object) => void stream.write(lineOf(event));
  const skippedLine = (count: number) => lineOf({ event: 'skipped', count });
  const events = new BoundedOutput(stream, skippedLine);
  return {
    ready: ([snapshot], listeners) => {
      const firstOf = Object.fromEntries(listeners.toReversed().map(({ kind, address }) => [kind, address]));
      const addresses = listeners.map(({ address }) => address);
      const devices = listeners.find((listener) => listener.devices)?.devices;
      const { simulated, serialNumber } = snapshot;
      const who = { event: 'ready', pid: process.pid, simulated, serialNumber };
      write({ ...who, addresses, ...firstOf, ...(devices && { devices }), snapshot });
    },
    event: (event, serialNumber) => events.write(() => lineOf({ ...event, serialNumber })),
    skipped: (count) => events.write(() => skippedLine(count)),
    answer: write,
  };
}
