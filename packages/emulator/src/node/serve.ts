import type { Readable, Writable } from 'node:stream';
import type { PortConnection } from '../connection.js';
import type { Emulator } from '../emulator.js';

/** One host behind a pair of streams. */
export interface StreamPort {
  /** A label for people. */
  readonly name: string;
  readonly input: Readable;
  readonly output: Writable;
  close(): void;
}

/** Joins a host to the device, within bounds: a host that does not read its replies is not read either. */
export function serve(emulator: Emulator, { name, input, output, close }: StreamPort): PortConnection {
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
