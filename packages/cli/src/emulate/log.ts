import type { EmulatorEvent, Snapshot } from '@bluetap/emulator';
import { BoundedOutput } from '../output/bounded-output.js';
import { jsonLine } from '../output/output.js';
import type { OpenListener } from './listeners.js';
import type { CommandEvent } from './typed-commands.js';

/** The output of `emulate`. It contains order ids and amounts, because it is the display of the devices. */
export interface Log {
  /** Called first, with one snapshot for each device. `control` is the address of the control service. */
  ready(
    snapshots: readonly [Snapshot, ...Snapshot[]],
    listeners: readonly OpenListener[],
    control: string | undefined,
  ): void;
  /** @param serialNumber The serial number of the device of the event. */
  event(event: EmulatorEvent, serialNumber: string): void;
  /** Reports the number of events that were left out, because they came faster than they could be written. */
  skipped(count: number): void;
  /** Reports the answer to a command from stdin. */
  answer(answer: CommandEvent): void;
}

/**
 * The number of events that can wait for `ready`. A host can use an open listener while another listener still opens.
 */
const MAX_EARLY = 1000;

/** A log that always begins with `ready`. Events that come earlier wait for it. After `end` it writes nothing. */
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

  /** For events after `ready`. The events that were left out before `ready` are counted in this class. */
  skipped(count: number): void {
    if (!this.#ended) this.#log.skipped(count);
  }

  /** Always comes after `ready`, because commands are read only after the listeners are open. */
  answer(answer: CommandEvent): void {
    if (!this.#ended) this.#log.answer(answer);
  }

  end(): void {
    this.#ended = true;
  }
}

/**
 * Writes one JSON object per line, for programs: first `ready`, then the events of the emulators, each with its time.
 */
export function jsonLog(stream: NodeJS.WriteStream): Log {
  const lineOf = (event: object) => `${jsonLine({ ...event, time: new Date().toISOString() })}\n`;
  const write = (event: object) => void stream.write(lineOf(event));
  const skippedLine = (count: number) => lineOf({ event: 'skipped', count });
  const events = new BoundedOutput(stream, skippedLine);
  return {
    ready: ([snapshot], listeners, control) => {
      const firstOf = Object.fromEntries(listeners.toReversed().map(({ kind, address }) => [kind, address]));
      const addresses = listeners.map(({ address }) => address);
      const devices = listeners.find((listener) => listener.devices)?.devices;
      const { simulated, serialNumber } = snapshot;
      const who = { event: 'ready', pid: process.pid, simulated, serialNumber };
      write({ ...who, addresses, ...firstOf, ...(devices && { devices }), ...(control && { control }), snapshot });
    },
    event: (event, serialNumber) => events.write(() => lineOf({ ...event, serialNumber })),
    skipped: (count) => events.write(() => skippedLine(count)),
    answer: write,
  };
}
