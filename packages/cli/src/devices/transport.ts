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

/** A transport that a person named, and the function that closes what it keeps open besides its channels. */
export interface NamedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

export interface NamingOptions {
  /** How long the system may take to list or open, in milliseconds. Default: what each transport allows. */
  readonly timeoutMs?: number | undefined;
  /** What `auto` looks at; something else in tests. */
  readonly hardware?: Hardware;
  /** Puts something around each way to a device; `auto` has three. */
  readonly wrap?: (transport: Transport) => Transport;
}

/** For a look around: the first call loads a native module, which on a small machine takes its time. */
export const PATIENT_MS = 10_000;

/** For `auto`: less than the SDK allows for a list and an open, so that a library which hangs hides no other's device. */
const AUTO_MS = 3000;

/** Gives the ways to hardware. @param timeoutMs How long the system may take to list or open, in milliseconds. */
export type Hardware = (timeoutMs: number) => readonly Transport[];

/** The ways to hardware, the best first: HID needs no driver on any system. */
export const hardware: Hardware = (timeoutMs) => [hid({ timeoutMs }), usb({ timeoutMs }), serial({ timeoutMs })];

/**
 * The one place where a string selects a transport.
 * @param text As typed; absent means the environment's choice, or else whatever device is attached. Never the emulator: a
 * payment that no shopper sees must not look like a real one.
 * @throws Failure (exit code 64) that names the choices.
 */
export function transportFor(
  text: string | undefined,
  { timeoutMs, hardware: all = hardware, wrap = (transport) => transport }: NamingOptions = {},
): NamedTransport {
  const chosen = text ?? (process.env[TRANSPORT_VARIABLE] || 'auto');
  const source = text === undefined ? TRANSPORT_VARIABLE : '--transport';
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
