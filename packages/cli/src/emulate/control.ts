import type { ControlService } from '@bluetap/control';
import type { EmulatorEvent } from '@bluetap/emulator';
import type { CommandRow, DeviceControl, ParameterValues } from '@bluetap/emulator/commands';
import { COMMANDS } from '@bluetap/emulator/commands';
import { parseTcpAddress } from '@bluetap/emulator/node';
import { printable } from '@bluetap/transport/kit';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { isLoopback } from './listeners.js';

/** The environment variable with the address of the control service. `bluetap device` reads it. */
export const CONTROL_VARIABLE = 'BLUETAP_CONTROL';

/** The default: any free port of this machine only. */
export const CONTROL_ADDRESS = '127.0.0.1:0';

/** The control service of `emulate`. It is loaded only if `--control` is given. */
export class Control {
  #service: ControlService | undefined;

  /** The address with the token, or undefined if there is no service. */
  get address(): string | undefined {
    return this.#service?.address;
  }

  /**
   * Starts the service.
   * @param addresses How hosts reach the devices.
   * @throws Failure (exit code 64 for a malformed address, otherwise 1) that says why it could not start.
   */
  async open(where: string, devices: readonly DeviceControl[], addresses: () => readonly string[]): Promise<void> {
    const { serveControl } = await import('@bluetap/control');
    try {
      const info = () => ({ addresses: addresses() });
      this.#service = await serveControl(devices, { ...parseTcpAddress(where), info });
    } catch (cause) {
      throw new Failure(...reasonOf(where, cause as NodeJS.ErrnoException), { cause });
    }
    const { origin } = this.#service;
    if (isLoopback(origin)) return;
    note(
      `bluetap: ${origin} is open to other machines: everyone who has its address with the token can steer the emulated device.`,
    );
  }

  /** Passes an event of a device on to those who watch. */
  event(event: EmulatorEvent, serialNumber: string): void {
    this.#service?.event(event, serialNumber);
  }

  /** Tells those who watch that a command from stdin changed devices. */
  obeyed(verb: string, parameters: ParameterValues, serialNumbers: readonly string[]): void {
    if (COMMANDS.find((row: CommandRow) => row.verb === verb)?.reads) return;
    for (const each of serialNumbers) this.#service?.command(verb, parameters, 'stdin', each);
  }

  async close(): Promise<void> {
    await this.#service?.close();
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
