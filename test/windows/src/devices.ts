import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { root } from '../../../scripts/rules/read-packages.mjs';

/** What runs on Linux while the cases run. */
export interface Devices {
  /** The variables that tell the cases where the devices are. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the devices. Resolves when their processes have ended. */
  end(): Promise<void>;
}

/**
 * Starts the device side on Linux: an emulated device at TCP and at COM5, and the server of COM ports.
 * @param comPorts The program of the server of COM ports.
 * @param folder The folder in which Wine looks for ports.
 */
export async function startDevices(comPorts: string, folder: string, signal: AbortSignal): Promise<Devices> {
  const bluetap = join(root, 'packages/cli/dist/main.js');
  const options = ['--tcp', '127.0.0.1:0', '--pty', '--control', '--json'];
  const emulator = start([bluetap, 'emulate', ...options], signal);
  const server = start([comPorts, folder], signal);
  const { tcp, pty, control } = JSON.parse(await firstLine(emulator));
  symlinkSync(pty, join(folder, 'com5'));
  return {
    environment: {
      BLUETAP_TEST_TCP: tcp,
      BLUETAP_TEST_COM: 'COM5',
      BLUETAP_TEST_CONTROL: control,
      BLUETAP_TEST_COM_PORTS: await firstLine(server),
    },
    end: async () => void (await Promise.all([emulator, server].map(stop))),
  };
}

type Program = ChildProcessByStdio<Writable, Readable, null>;

/** Starts a program that ends when its stdin ends, also if this process is killed. */
function start(args: readonly string[], signal: AbortSignal): Program {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], signal });
  child.on('error', () => {}); // the signal has ended it
  return child;
}

async function firstLine({ stdout }: Program): Promise<string> {
  const [line] = await once(createInterface({ input: stdout }), 'line');
  stdout.resume();
  return line;
}

async function stop(program: Program): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, 'close');
  program.stdin.end();
  await ended;
}
