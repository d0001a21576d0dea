// The transport to a device in this process.
import { type Channel, type ChannelHandlers, type Transport, TransportError } from '@bluetap/transport';
import type { Line } from './connection.js';

/** The far end of one connection. */
export interface FarEnd {
  receive(bytes: Uint8Array): void;
}

/** What takes connections. A `Device` does. */
export interface Endpoint<End extends FarEnd> {
  readonly serialNumber: string;
  /** The function of USB that it is, if it is one. */
  readonly interface?: string | undefined;
  connect(line: Line): End;
  /** The host has closed the connection. */
  disconnect(end: End): void;
}

const gone = (): TransportError => new TransportError('disconnected', 'the device ended the connection: open it again');

/** Opens a connection of its own to `device` at each `open`. */
export function inProcess<End extends FarEnd>(device: Endpoint<End>): Transport {
  const { serialNumber } = device;
  const info = { id: 'in-process', serialNumber, product: 'Wrong device', interface: device.interface };
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

function channelTo<End extends FarEnd>(device: Endpoint<End>, handlers: ChannelHandlers): Channel {
  let open = true;
  let told: Promise<void> | undefined;
  const end = (error?: TransportError): Promise<void> => {
    open = false;
    told ??= Promise.resolve().then(() => handlers.onClose(error));
    return told;
  };
  const line: Line = {
    send(bytes: Uint8Array): void {
      const copy = bytes.slice();
      queueMicrotask(() => {
        if (open) handlers.onData(copy);
      });
    },
    end: () => void end(gone()),
  };
  const connection = device.connect(line);
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
