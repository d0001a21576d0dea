// The device behind a TCP socket on 127.0.0.1: it moves bytes, and no more.
import net, { type AddressInfo } from 'node:net';
import type { Connection } from './connection.js';
import type { Device } from './device.js';

/** A device that listens. */
export interface Listening {
  /** `tcp://127.0.0.1:PORT`. */
  readonly address: string;
  /** Ends all connections and the listener. */
  close(): Promise<void>;
}

/** Serves `device` on a port that the system chooses. */
export async function listen(device: Device): Promise<Listening> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let connection: Connection | undefined;
    socket.on('error', () => {}); // a host can disconnect at any time
    socket.on('close', () => connection && device.disconnect(connection));
    connection = device.connect({ send: (bytes) => void socket.write(bytes), end: () => void socket.destroy() });
    socket.on('data', (bytes) => connection.receive(bytes));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `tcp://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      device.dispose();
      await closed;
    },
  };
}
