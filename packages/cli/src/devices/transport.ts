import { Emulator } from '@bluetap/emulator';
import type { Transport } from '@bluetap/transport';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { socket } from '@bluetap/transport-socket';
import { usb } from '@bluetap/transport-usb';
import { ExitCode, Failure } from '../process/exit-code.js';
import { anyOf } from './any-of.js';

export const TRANSPORTS = 'auto, hid, usb, serial, serial:PATH, tcp://HOST:PORT, unix:PATH or emulator';
export const TRANSPORT_VARIABLE = 'BLUETAP_TRANSPORT';

/** A transport that a person named. `close` closes everything that is still open after its channels closed. */
export interface NamedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

export interface NamingOptions {
  /** The time limit for the system to list or open, in milliseconds. Default: the limit of each transport. */
  readonly timeoutMs?: number | undefined;
  /** The transports of `auto`. Tests use others. */
  readonly hardware?: Hardware;
  /** Wraps each transport. `auto` has three transports. */
  readonly wrap?: (transport: Transport) => Transport;
  /** The option that a message names. Default: `--transport`. */
  readonly option?: string;
}

/**
 * The time limit of `list`, `watch` and `doctor`. The first call loads a native module, which is slow on a small
 * machine.
 */
export const PATIENT_MS = 10_000;

/**
 * The time limit of `auto`. It is shorter than the time that the SDK allows for list and open, so that a library that
 * hangs does not hide the devices of the other transports.
 */
const AUTO_MS = 3000;

/**
 * Makes the transports that lead to hardware.
 * @param timeoutMs The time limit for the system to list or open, in milliseconds.
 */
export type Hardware = (timeoutMs: number) => readonly Transport[];

/** The transports that lead to hardware, the best first. HID needs no driver on any system. */
export const hardware: Hardware = (timeoutMs) => [hid({ timeoutMs }), usb({ timeoutMs }), serial({ timeoutMs })];

/**
 * Makes the transport that a string names. No other code reads such a string.
 * @param text The string that was typed. If it is absent, the environment variable decides. If that is absent too, the
 * transport is `auto`, which finds any attached device. The default is never the emulator, because a payment that no
 * shopper sees must not look like a real payment.
 * @throws Failure (exit code 64) that names the choices.
 */
export function transportFor(
  text: string | undefined,
  { timeoutMs, hardware: all = hardware, wrap = (transport) => transport, option = '--transport' }: NamingOptions = {},
): NamedTransport {
  const chosen = text ?? (process.env[TRANSPORT_VARIABLE] || 'auto');
  const source = text === undefined ? TRANSPORT_VARIABLE : option;
  if (chosen === 'emulator') {
    const emulator = new Emulator();
    return { transport: wrap(emulator.transport()), close: () => emulator.close() };
  }
  const transport =
    chosen === 'auto'
      ? anyOf('hid, usb or serial', all(timeoutMs ?? AUTO_MS).map(wrap))
      : wrap(named(chosen, source, timeoutMs === undefined ? {} : { timeoutMs }));
  return { transport, close: async () => {} };
}

function named(chosen: string, source: string, options: { timeoutMs?: number }): Transport {
  if (chosen === 'hid') return hid(options);
  if (chosen === 'usb') return usb(options);
  if (chosen === 'serial') return serial(options);
  if (chosen.startsWith('serial:') && chosen.length > 'serial:'.length) {
    return serial({ ...options, path: chosen.slice('serial:'.length) });
  }
  if (!chosen.startsWith('tcp:') && !chosen.startsWith('unix:')) {
    throw wrong(`${source} must be ${TRANSPORTS}, but is ${JSON.stringify(chosen)}.`);
  }
  try {
    return socket(chosen);
  } catch (cause) {
    throw wrong(`${source}: ${(cause as Error).message}.`);
  }
}

function wrong(message: string): Failure {
  return new Failure(ExitCode.USAGE, message);
}
