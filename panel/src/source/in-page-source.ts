import type { Emulator, EmulatorEvent } from '@bluetap/emulator';
import {
  CommandError,
  DeviceControl,
  type DeviceView,
  type ParameterValues,
  perform,
} from '@bluetap/emulator/commands';
import type { CommandEvent, PanelEvent } from '../model/panel-input.js';
import { CommandFailure, type DeviceSource, type Sink } from './device-source.js';

/** Devices in this page. Make each with `add`. */
export class InPageSource implements DeviceSource {
  readonly #devices = new Map<string, DeviceControl>();
  readonly #now: () => string;
  #sink: Sink | undefined;

  /** @param now Returns the time in the form of ISO 8601. */
  constructor(now: () => string = () => new Date().toISOString()) {
    this.#now = now;
  }

  /**
   * Adds a device.
   * @param create Makes its emulator, with the `onEvent` that it is given.
   */
  add(create: (onEvent: (event: EmulatorEvent) => void) => Emulator): DeviceControl {
    const device: DeviceControl = new DeviceControl(create((event) => this.#tell(device.serialNumber, event)));
    this.#devices.set(device.serialNumber, device);
    return device;
  }

  start(sink: Sink): () => void {
    this.#sink = sink;
    const devices = [...this.#devices.values()].map(({ view }) => view);
    const info = { addresses: [], triggers: false, scenario: false };
    sink([{ input: 'devices', service: 'page', devices, info }]);
    return () => {
      this.#sink = undefined;
    };
  }

  async command(serialNumber: string, verb: string, parameters: ParameterValues): Promise<object> {
    const device = this.#device(serialNumber);
    try {
      const done = perform(device, verb, parameters);
      if (done.changes)
        this.#tell(serialNumber, { event: 'command', do: verb, parameters: done.parameters, by: 'page' });
      return done.answer;
    } catch (error) {
      if (error instanceof CommandError) throw new CommandFailure(error.message, error.parameter);
      throw error;
    }
  }

  async view(serialNumber: string): Promise<DeviceView> {
    return this.#device(serialNumber).view;
  }

  /** Nothing to do: a device in this page is always reachable. */
  retry(): void {}

  #device(serialNumber: string): DeviceControl {
    const device = this.#devices.get(serialNumber);
    if (!device) throw new CommandFailure(`this page has no device ${serialNumber}`);
    return device;
  }

  #tell(serialNumber: string, event: EmulatorEvent | CommandEvent): void {
    const told = { ...event, serialNumber, time: this.#now() } as PanelEvent;
    this.#sink?.([{ input: 'event', event: told }]);
  }
}
