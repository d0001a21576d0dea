import { Emulator } from '@bluetap/emulator';
import type { Transport } from '@bluetap/transport';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { socket } from '@bluetap/transport-socket';
import { usb } from '@bluetap/transport-usb';
import { anyOf } from './any-of.js';
import { ExitCode, Failure } from './exit-code.js';

export const TRANSPORTS = 'auto, hid, usb, serial, serial:PATH, tcp://HOST:PORT, unix:PATH or emulator';
export const TRANSPORT_VARIABLE = 'BLUETAP_TRANSPORT';

/** A transport that a person named, and what it holds open besides its links. */
export interface NamedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** The ways to hardware, the best first: HID needs no driver on any system. */
export function hardware(): readonly Transport[] {
  // The first call loads a native module, which on a small machine takes its time.
  const timeoutMs = 10_000;
  return [hid({ timeoutMs }), usb({ timeoutMs }), serial({ timeoutMs })];
}

/**
 * The one place where a transport is chosen by a text.
 * @param text As typed; absent means the environment's choice, or else whatever device is attached. Never the emulator: a
 * payment that nobody sees would be a lie.
 * @throws Failure (exit code 64) that names the choices.
 */
export function transportFor(text: string | undefined): NamedTransport {
  const chosen = text ?? (process.env[TRANSPORT_VARIABLE] || 'auto');
  const source = text === undefined ? TRANSPORT_VARIABLE : '--transport';
  if (chosen === 'emulator') {
    const emulator = new Emulator();
    return { transport: emulator.transport(), close: () => emulator.close() };
  }
  return { transport: named(chosen, source), close: async () => {} };
}

function named(chosen: string, source: string): Transport {
  if (chosen === 'auto') return anyOf('hid, usb or serial', hardware());
  if (chosen === 'hid') return hid();
  if (chosen === 'usb') return usb();
  if (chosen === 'serial') return serial();
  if (chosen.startsWith('serial:') && chosen.length > 'serial:'.length) {
    return serial({ path: chosen.slice('serial:'.length) });
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
