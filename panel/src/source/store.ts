import type { ParameterValues } from '@bluetap/emulator/commands';
import type { PanelInput } from '../model/panel-input.js';
import { NOTHING_KNOWN, type PanelState, reduce } from '../model/reduce.js';
import type { DeviceSource } from './device-source.js';

/** The shortest time between two drawings. The first input is drawn immediately, and the next inputs together. */
const BATCH_MS = 50;
/** The shortest time between two reads of a busy device, so that the page does not slow it. */
const REFRESH_MS = 500;

/** Holds the state of the page, and tells the components about changes. */
export class Store {
  readonly source: DeviceSource;
  #state: PanelState = NOTHING_KNOWN;
  readonly #listeners = new Set<() => void>();
  #waiting: PanelInput[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushed = Number.NEGATIVE_INFINITY;
  /** The devices that are read now or were read a short time ago. The value is true if events came in that time. */
  readonly #refreshing = new Map<string, boolean>();

  constructor(source: DeviceSource) {
    this.source = source;
  }

  get state(): PanelState {
    return this.#state;
  }

  /** Starts to read the source. Returns the function that ends it. */
  start(): () => void {
    return this.source.start((inputs) => this.#take(inputs));
  }

  /** Calls `listener` after each change. Returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives a device a command. @throws CommandFailure that says what is wrong. */
  async command(serialNumber: string, verb: string, parameters: ParameterValues = {}): Promise<object> {
    return this.source.command(serialNumber, verb, parameters);
  }

  /** Marks the end of the list of a device. */
  mark(serialNumber: string): void {
    const device = this.#state.devices.find((each) => each.serialNumber === serialNumber);
    const mark = (device?.marks ?? 0) + 1;
    const time = new Date().toISOString();
    this.#take([{ input: 'event', event: { event: 'mark', mark, serialNumber, time } }]);
  }

  /** Forgets the steps of the code samples. */
  forgetSteps(serialNumber: string): void {
    const devices = this.#state.devices.map((each) =>
      each.serialNumber === serialNumber ? { ...each, steps: [] } : each,
    );
    this.#change({ ...this.#state, devices });
  }

  #take(inputs: readonly PanelInput[]): void {
    for (const input of inputs) {
      this.#waiting.push(input);
      if (input.input !== 'event') continue;
      const { serialNumber } = input.event;
      // The view that is being read can be older than this event.
      if (this.#refreshing.has(serialNumber)) this.#refreshing.set(serialNumber, true);
    }
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#flushed + BATCH_MS - performance.now()));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#flushed = performance.now();
    const inputs = this.#waiting;
    this.#waiting = [];
    this.#change(reduce(this.#state, inputs, Date.now()));
  }

  #change(state: PanelState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
    for (const { serialNumber, stale } of state.devices) if (stale) this.#refresh(serialNumber);
  }

  /** Reads the view of a device: now, and again later if events came in that time. */
  #refresh(serialNumber: string): void {
    if (this.#refreshing.has(serialNumber) || this.#state.reach.kind !== 'live') return;
    this.#refreshing.set(serialNumber, false);
    const again = () => {
      const cameMore = this.#refreshing.get(serialNumber) === true;
      this.#refreshing.delete(serialNumber);
      if (cameMore) this.#refresh(serialNumber);
    };
    this.source
      .view(serialNumber)
      .then((view) => this.#take([{ input: 'view', view }]))
      // The stream reports that the emulator is not reachable.
      .catch(() => {})
      .finally(() => setTimeout(again, REFRESH_MS));
  }
}
