import type { EmulatorEvent } from '@bluetap/emulator';
import { type DeviceControl, obey, type ParameterValues } from '@bluetap/emulator/commands';
import type { Steering } from './steering.js';
import { TRIGGERS, type TriggerRow } from './trigger-rows.js';

/** Lets chosen order ids decide what the devices do. A repeat of a PAY decides nothing again. */
export class Triggers {
  readonly #devices: readonly DeviceControl[];
  readonly #steering: Steering;
  readonly #timers = new Set<unknown>();
  /** The PAY that was seen last at each device. */
  readonly #seen = new Map<string, string>();

  /** Takes the devices whose events it is told. */
  constructor(devices: readonly DeviceControl[], steering: Steering) {
    this.#devices = devices;
    this.#steering = steering;
  }

  /** An event of a device. A PAY is seen here before the behaviours of the device handle it. */
  event(event: EmulatorEvent, serialNumber: string): void {
    if (event.event !== 'message' || event.direction !== 'in' || event.message.type !== 'PAY') return;
    const { session, sequence, orderId } = event.message;
    const device = this.#devices.find((each) => each.serialNumber === serialNumber);
    const row = rowOf(orderId);
    const id = `${device?.view.bootId}.${session}.${sequence}`;
    if (!device || this.#seen.get(serialNumber) === id) return;
    this.#seen.set(serialNumber, id);
    for (const { verb, parameters, after } of row?.commands ?? []) {
      if (after === undefined) this.#do(device, verb, parameters);
      else this.#later(after, () => this.#do(device, verb, parameters));
    }
  }

  /** Does nothing more. */
  stop(): void {
    for (const timer of this.#timers) this.#steering.clock.clearTimeout(timer);
    this.#timers.clear();
  }

  #later(ms: number, action: () => void): void {
    const timer = this.#steering.clock.setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #do(device: DeviceControl, verb: string, parameters: ParameterValues): void {
    try {
      obey(device, verb, parameters);
      this.#steering.onCommand(verb, parameters, 'trigger', device.serialNumber);
    } catch (error) {
      this.#steering.onError(`a trigger: ${(error as Error).message}`);
    }
  }
}

function rowOf(orderId: string | undefined): TriggerRow | undefined {
  return TRIGGERS.find((row) => orderId === row.orderId || orderId?.startsWith(`${row.orderId}-`));
}
