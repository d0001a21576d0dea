import { type ControlOptions, type ControlService, serveControl } from '@bluetap/control';
import { Emulator } from '@bluetap/emulator';
import { DeviceControl } from '@bluetap/emulator/commands';
import { Client } from '@bluetap/sdk';
import { onTestFinished } from 'vitest';
import { call, emulate, type Running } from '../packages/cli/test/cli.js';

/** An emulated device of `bluetap emulate`, in its own process. */
export interface EmulatedProcess {
  readonly running: Running;
  /** The address of the page, with the token. */
  readonly control: string;
  /** Runs `bluetap pay` with more options. */
  readonly pay: (...options: readonly string[]) => Promise<{ readonly code: number | null }>;
}

/** Starts `bluetap emulate --control`. */
export async function emulatedProcess(...options: readonly string[]): Promise<EmulatedProcess> {
  const { running, ready } = await emulate(['--tcp', '127.0.0.1:0', '--control', ...options]);
  const pay = (...more: readonly string[]) =>
    call(['pay', '--payment-method', 'TRUEMONEY', '--transport', ready.tcp, ...more]);
  return { running, control: ready.control, pay };
}

/** A device, its control service, and a POS, all in this process. */
export interface HereDevice {
  readonly emulator: Emulator;
  readonly control: ControlService;
  readonly client: Client;
}

/** Serves a device of this process. */
export async function deviceHere(options: ControlOptions = {}): Promise<HereDevice> {
  let control: ControlService | undefined;
  const emulator = new Emulator({ onEvent: (event) => control?.event(event, 'EMU-0001') });
  control = await serveControl([new DeviceControl(emulator)], options);
  const client = new Client({ transport: emulator.transport() });
  onTestFinished(async () => {
    await client.close();
    await control.close();
    await emulator.close();
  });
  return { emulator, control, client };
}
