import { Emulator } from '@bluetap/emulator';
import type { Transport } from '@bluetap/transport';
import { socket } from '@bluetap/transport-socket';
import { ExitCode, Failure } from './exit-code.js';

export const TRANSPORTS = 'emulator, tcp://HOST:PORT or unix:PATH';
export const TRANSPORT_VARIABLE = 'BLUETAP_TRANSPORT';

/** A transport that a person named, and what it holds open besides its links. */
export interface NamedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

/**
 * The one place where a transport is chosen by a text.
 * @param text As typed; absent means the environment's choice.
 * @throws Failure (exit code 64) that names the choices.
 */
export function transportFor(text: string | undefined): NamedTransport {
  const chosen = text ?? (process.env[TRANSPORT_VARIABLE] || undefined);
  if (chosen === undefined) {
    const example = 'for example --transport emulator, which needs no device';
    throw wrong(`Say which device: --transport ${TRANSPORTS}, or the same in ${TRANSPORT_VARIABLE}; ${example}.`);
  }
  const source = text === undefined ? TRANSPORT_VARIABLE : '--transport';
  if (chosen === 'emulator') {
    const emulator = new Emulator();
    return { transport: emulator.transport(), close: () => emulator.close() };
  }
  if (!chosen.startsWith('tcp:') && !chosen.startsWith('unix:')) {
    throw wrong(`${source} must be ${TRANSPORTS}, but is ${JSON.stringify(chosen)}.`);
  }
  try {
    return { transport: socket(chosen), close: async () => {} };
  } catch (cause) {
    throw wrong(`${source}: ${(cause as Error).message}.`);
  }
}

function wrong(message: string): Failure {
  return new Failure(ExitCode.USAGE, message);
}
