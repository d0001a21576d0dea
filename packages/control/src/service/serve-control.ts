import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import type { EmulatorEvent } from '@bluetap/emulator';
import type { DeviceControl, ParameterValues } from '@bluetap/emulator/commands';
import { createAdaptorServer } from '@hono/node-server';
import { createApp, type ServiceInfo } from './app.js';
import { type CommandSource, EventHub } from './event-hub.js';

/** The options of the control service. */
export interface ControlOptions {
  /** The name or IP address to listen on; default "127.0.0.1", which only programs of this machine reach. */
  readonly host?: string | undefined;
  /** The port, 0 to 65535; 0 (the default) means any free port. */
  readonly port?: number | undefined;
  /** The token that every request must have; default: 24 random bytes in base64url. */
  readonly token?: string | undefined;
  /** What the service tells about itself beside its devices. */
  readonly info?: (() => Partial<ServiceInfo>) | undefined;
}

/** A control service that listens. */
export interface ControlService {
  /** `http://127.0.0.1:4100`, without the token. */
  readonly origin: string;
  /** The token that every request must have. */
  readonly token: string;
  /** The address of the page: the origin with the token in the fragment, which no request contains. */
  readonly address: string;
  /** Passes an event of a device on to those who watch. Give it to the option `onEvent` of the emulator. */
  event(event: EmulatorEvent, serialNumber: string): void;
  /** Tells those who watch that a command of this program changed a device. */
  command(verb: string, parameters: ParameterValues, by: CommandSource, serialNumber: string): void;
  /** Stops listening and ends every request. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves the page and the commands of emulated devices over HTTP.
 * @throws the error of Node if the port is in use or the host is not an address of this machine.
 */
export async function serveControl(
  devices: readonly DeviceControl[],
  { host = '127.0.0.1', port = 0, token = randomBytes(24).toString('base64url'), info }: ControlOptions = {},
): Promise<ControlService> {
  const hub = new EventHub();
  const app = createApp({
    devices,
    hub,
    token,
    hosts: isIP(host) === 0 ? [host] : [],
    service: randomBytes(8).toString('hex'),
    info: () => ({ addresses: [], triggers: false, scenario: false, ...info?.() }),
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // A test can wait long between two requests. If the service closed the idle connection, it would do so just when the
  // client sends the next request, and that request would fail. So only the client closes it, or the end of the service.
  server.keepAliveTimeout = 0;
  await listening(server, port, host);
  const bound = server.address() as { port: number };
  const origin = `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound.port}`;
  let closing: Promise<void> | undefined;
  return {
    origin,
    token,
    address: `${origin}/#token=${token}`,
    event: (event, serialNumber) => hub.add(event, serialNumber),
    command: (verb, parameters, by, serialNumber) =>
      hub.add({ event: 'command', do: verb, parameters, by }, serialNumber),
    close: () => {
      closing ??= new Promise((resolve) => {
        hub.close();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
