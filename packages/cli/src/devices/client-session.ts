import { Client, type DeviceIdentity } from '@bluetap/sdk';
import type { Command } from 'commander';
import { readDevice, readTimeout, valueOption } from '../input/options.js';
import { note } from '../output/output.js';
import { onStop } from '../process/stop-signals.js';
import { LastFailures } from './last-failures.js';
import { addRecordOptions, type RecordArguments, recorded } from './record.js';
import { type Hardware, TRANSPORT_VARIABLE, TRANSPORTS, transportFor } from './transport.js';

/** The options of every command that opens a session. */
export interface SessionOptions extends RecordArguments {
  readonly transport?: string;
  readonly device?: string;
  readonly timeout?: string;
  readonly json?: true;
}

export function addSessionOptions(command: Command): Command {
  command
    .addOption(valueOption('--transport <transport>', `${TRANSPORTS} (default: $${TRANSPORT_VARIABLE}, or auto)`))
    .addOption(valueOption('--device <id>', 'which device: its serial number, or its id at the transport'))
    .addOption(valueOption('--timeout <ms>', 'time limit for the whole call in milliseconds (default: 5000)'))
    .option('--json', 'print one JSON object');
  return addRecordOptions(command);
}

const DEFAULT_TIMEOUT_MS = 5000;

/** After this time, a person at a terminal is told that the command waits. */
const PATIENCE_MS = 1000;

export interface OpenClient {
  readonly client: Client;
  /** Aborted when a person or the system asks the process to stop. */
  readonly signal: AbortSignal;
  /** The device that answered last, also if it was disconnected after that. */
  device(): DeviceIdentity | undefined;
  /** What to do if no device could be reached. Undefined if the error already says it. */
  advice(): string | undefined;
}

/**
 * Opens a client for one call, and closes the client and its transport after the call.
 * @throws Failure (exit code 64) for an unknown transport, a wrong timeout, or a record that cannot be written. Then no
 * device was opened.
 */
export async function withClient<T>(
  typed: SessionOptions,
  hardware: Hardware,
  call: (talk: OpenClient) => Promise<T>,
): Promise<T> {
  const timeoutMs = readTimeout(typed.timeout) ?? DEFAULT_TIMEOUT_MS;
  const wanted = readDevice(typed.device);
  const failures = new LastFailures();
  const named = transportFor(typed.transport, { hardware, wrap: (transport) => failures.of(transport) });
  const { transport, close, client: recording } = recorded(named, typed);
  const client = new Client({ transport, device: wanted, timeoutMs, ...recording });
  let device: DeviceIdentity | undefined;
  client.on('connected', () => {
    device = client.device;
  });
  const stop = new AbortController();
  const ignoreSignals = onStop((signal) => stop.abort(new Error(`Stopped by ${signal}.`)));
  const comfort = setTimeout(() => {
    if (process.stderr.isTTY && !typed.json) note(`Waiting for ${transport.name}, at most ${timeoutMs} ms ...`);
  }, PATIENCE_MS);
  try {
    return await call({ client, signal: stop.signal, device: () => device, advice: () => failures.advice });
  } finally {
    clearTimeout(comfort);
    ignoreSignals();
    await client.close();
    await close();
  }
}
