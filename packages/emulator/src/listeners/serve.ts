import type { Readable, Writable } from 'node:stream';
import { hasFunctions } from '@bluetap/transport/kit';
import type { Connection } from '../contract/connection.js';
import type { EmulatedDevice } from '../contract/emulated-device.js';

/** A connection to one host through a pair of streams. */
export interface StreamPort {
  /** A name for people. */
  readonly name: string;
  readonly input: Readable;
  readonly output: Writable;
  close(): void;
}

/** @throws TypeError if `emulator` is not an emulator. */
export function checkEmulator(where: string, emulator: unknown): void {
  if (hasFunctions(emulator, ['attach'])) return;
  throw new TypeError(`${where}: the first argument must be an Emulator`);
}

/**
 * Connects a host to the device with bounded memory: while a host does not read its replies, its requests are not read.
 */
export function serve(emulator: EmulatedDevice, { name, input, output, close }: StreamPort): Connection {
  const connection = emulator.attach({
    name,
    send: (bytes) => void output.write(bytes),
    get congested() {
      return output.writableNeedDrain;
    },
    close,
  });
  input.on('data', (bytes: Uint8Array) => {
    connection.receive(bytes);
    if (output.writableNeedDrain) input.pause();
  });
  output.on('drain', () => input.resume());
  return connection;
}
