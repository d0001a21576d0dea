// The transport to a device in this process.
import { type Channel, type ChannelHandlers, type Transport, TransportError } from '@bluetap/transport';
import type { Connection } from './connection.js';

/** What takes connections. A `Device` does. */
export interface Endpoint {
  readonly serialNumber: string;
  connect(line: { send(bytes: Uint8Array): void; end(): void }): Connection;
  disconnect(connection: Connection): void;
}

const gone = (): TransportError => new TransportError('disconnected', 'the device ended the connection: open it again');

/** Opens a connection of its own to `device` at each `open`. */
export function inProcess(device: Endpoint): Transport {
  const info = { id: 'in-process', serialNumber: device.serialNumber, product: 'Wrong device' };
  return {
    name: 'in-process',
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      return [info];
    },
    async open({ id }, handlers, { signal } = {}) {
      signal?.throwIfAborted();
      if (id !== info.id) throw new TransportError('not-found', `there is no device ${id}: open the one of list()`);
      return channelTo(device, handlers);
    },
  };
}

function channelTo(device: Endpoint, handlers: ChannelHandlers): Channel {
  let open = true;
  let told: Promise<void> | undefined;
  const end = (error?: TransportError): Promise<void> => {
    open = false;
    told ??= Promise.resolve().then(() => handlers.onClose(error));
    return told;
  };
  let connection: Connection | undefined;
  const line = {
    send(bytes: Uint8Array): void {
      const copy = bytes.slice();
      queueMicrotask(() => {
        if (open) handlers.onData(copy);
      });
    },
    end: () => void end(gone()),
  };
  connection = device.connect(line);
  return {
    async write(bytes, { signal } = {}) {
      signal?.throwIfAborted();
      if (!open) throw gone();
      connection.receive(bytes.slice());
    },
    close() {
      if (open) device.disconnect(connection);
      return end();
    },
  };
}
