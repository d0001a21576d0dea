import type { EmulatorEvent } from '@bluetap/emulator';
import { type DeviceControl, obey } from '@bluetap/emulator/commands';
import type { ScenarioStep } from './parse-scenario.js';
import type { Steering } from './steering.js';

/**
 * Does the steps of a scenario, one after the other. A step waits for its event and its time, and begins to wait when the
 * step before it is done. What it does happens after the device has handled the frame that caused the event.
 */
export class Scenario {
  readonly #steps: readonly ScenarioStep[];
  readonly #devices: readonly DeviceControl[];
  readonly #steering: Steering;
  #next = 0;
  #timer: unknown;
  /** True while the next step waits for its event. */
  #listening = false;

  /** Takes the steps that `parseScenario` returned. Nothing happens before `start`. */
  constructor(steps: readonly ScenarioStep[], devices: readonly DeviceControl[], steering: Steering) {
    this.#steps = steps;
    this.#devices = devices;
    this.#steering = steering;
  }

  /** Begins with the first step. */
  start(): void {
    this.#wait();
  }

  /** An event of a device. */
  event(event: EmulatorEvent, serialNumber: string): void {
    const step = this.#steps[this.#next];
    if (!this.#listening || !step?.on || !matches(step.on, { ...event, serialNumber })) return;
    this.#listening = false;
    this.#later(step);
  }

  /** Does no further step. */
  stop(): void {
    this.#steering.clock.clearTimeout(this.#timer);
    this.#next = this.#steps.length;
    this.#listening = false;
  }

  #wait(): void {
    const step = this.#steps[this.#next];
    if (!step) return;
    if (step.on) this.#listening = true;
    else this.#later(step);
  }

  #later(step: ScenarioStep): void {
    this.#timer = this.#steering.clock.setTimeout(() => {
      this.#next++;
      this.#do(step);
      this.#wait();
    }, step.after);
  }

  #do({ line, serial, do: verb, parameters }: ScenarioStep): void {
    for (const device of this.#devices) {
      if (serial !== undefined && device.serialNumber !== serial) continue;
      try {
        obey(device, verb, parameters);
        this.#steering.onCommand(verb, parameters, 'scenario', device.serialNumber);
      } catch (error) {
        this.#steering.onError(`the scenario, line ${line}: ${(error as Error).message}`);
      }
    }
  }
}

/** True if each member of `wanted` is equal in `given`. Objects are compared in the same way. */
function matches(wanted: unknown, given: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === given;
  if (typeof given !== 'object' || given === null) return false;
  return Object.entries(wanted).every(([name, value]) => matches(value, (given as Record<string, unknown>)[name]));
}
