import { readFile } from 'node:fs/promises';
import type { ControlService, Scenario, Triggers } from '@bluetap/control';
import type { EmulatorEvent } from '@bluetap/emulator';
import type { DeviceControl, Obeyed } from '@bluetap/emulator/commands';
import { parseTcpAddress } from '@bluetap/emulator/node';
import { systemClock } from '@bluetap/transport';
import { printable } from '@bluetap/transport/kit';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { isLoopback } from './listeners.js';

/** The environment variable with the address of the control service. `bluetap device` reads it. */
export const CONTROL_VARIABLE = 'BLUETAP_CONTROL';

/** The default: any free port of this machine only. */
export const CONTROL_ADDRESS = '127.0.0.1:0';

/** What steers the devices of `emulate`, as a person asked for. */
export interface WantedControl {
  /** The address of the service. */
  readonly control?: string;
  /** The file with the scenario. */
  readonly scenario?: string;
  /** Whether chosen order ids decide what happens. */
  readonly triggers?: true;
}

/** The control service, the scenario and the triggers of `emulate`. They are loaded only if one of them is wanted. */
export class Control {
  #service: ControlService | undefined;
  #scenario: Scenario | undefined;
  #triggers: Triggers | undefined;

  /** The address with the token, or undefined if there is no service. */
  get address(): string | undefined {
    return this.#service?.address;
  }

  /**
   * Starts what is wanted.
   * @param addresses How hosts reach the devices.
   * @throws Failure that says what could not start and why: exit code 64 for a malformed address, 2 for a scenario with
   * mistakes, otherwise 1.
   */
  async open(wanted: WantedControl, devices: readonly DeviceControl[], addresses: readonly string[]): Promise<void> {
    const { control, scenario, triggers } = wanted;
    if (control === undefined && scenario === undefined && !triggers) return;
    const library = await import('@bluetap/control');
    const steering = {
      clock: systemClock,
      onCommand: (...done: Parameters<ControlService['command']>) => this.#service?.command(...done),
      onError: (message: string) => note(`bluetap: ${printable(message)}`),
    };
    if (scenario !== undefined) {
      const serials = devices.map(({ serialNumber }) => serialNumber);
      const steps = await readScenario(scenario, (text) => library.parseScenario(text, serials));
      this.#scenario = new library.Scenario(steps, devices, steering);
    }
    if (triggers) this.#triggers = new library.Triggers(devices, steering);
    if (control === undefined) return;
    const info = () => ({ addresses, triggers: triggers === true, scenario: scenario !== undefined });
    try {
      this.#service = await library.serveControl(devices, { ...parseTcpAddress(control), info });
    } catch (cause) {
      throw new Failure(...reasonOf(control, cause as NodeJS.ErrnoException), { cause });
    }
    const { origin } = this.#service;
    if (isLoopback(origin)) return;
    note(
      `bluetap: ${origin} is open to other machines: everyone who has its address with the token can steer the emulated device.`,
    );
  }

  /** Begins the scenario. */
  start(): void {
    this.#scenario?.start();
  }

  /** Passes an event of a device on to those who watch. */
  event(event: EmulatorEvent, serialNumber: string): void {
    this.#service?.event(event, serialNumber);
    this.#scenario?.event(event, serialNumber);
    this.#triggers?.event(event, serialNumber);
  }

  /** Tells those who watch that a command from stdin changed devices. */
  obeyed({ do: verb, parameters, changes, answers }: Obeyed): void {
    if (!changes) return;
    for (const each of Object.keys(answers)) this.#service?.command(verb, parameters, 'stdin', each);
  }

  async close(): Promise<void> {
    this.#scenario?.stop();
    this.#triggers?.stop();
    await this.#service?.close();
  }
}

async function readScenario<Steps>(file: string, parse: (text: string) => Steps): Promise<Steps> {
  const shown = printable(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure(ExitCode.FAILED, `--scenario: ${shown} cannot be read: ${printable((cause as Error).message)}`, {
      cause,
    });
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure(ExitCode.PARAM_ILLEGAL, `--scenario: ${shown}, ${printable((cause as Error).message)}`, {
      cause,
    });
  }
}

function reasonOf(where: string, cause: NodeJS.ErrnoException): [exitCode: number, message: string] {
  if (cause instanceof RangeError) return [ExitCode.USAGE, `--control: ${printable(cause.message)}`];
  const shown = printable(where);
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `${shown} is in use: end the program that listens there, or give another port; port 0 means any free port`,
    EACCES: `${shown} needs more rights: give a port from 1024 on`,
    EADDRNOTAVAIL: `${shown} is not an address of this machine`,
    ENOTFOUND: `${shown} is not known: give an IP address or a name of this machine`,
  };
  return [ExitCode.FAILED, `--control: ${reasons[cause.code ?? ''] ?? printable(cause.message)}`];
}
