import { Emulator, type Peer } from '@bluetap/emulator';
import type { ChannelHandlers, DeviceInfo, Transport, TransportError } from '@bluetap/transport';
import type { ConformanceHarness } from '@bluetap/transport/conformance';

/** A transport with one device that a test controls. */
export class HandTransport implements Transport {
  readonly name = 'by hand';
  readonly device: DeviceInfo = { id: 'hand:1' };
  readonly written: Uint8Array[] = [];
  handlers!: ChannelHandlers;
  /** The error with which the next call of that name rejects. */
  failing: { list?: unknown; open?: unknown; write?: unknown } = {};
  change = (): void => {};
  watching = false;

  async list(): Promise<readonly DeviceInfo[]> {
    if (this.failing.list) throw this.failing.list;
    return [this.device];
  }

  async open(_: DeviceInfo, handlers: ChannelHandlers) {
    if (this.failing.open) throw this.failing.open;
    this.handlers = handlers;
    return {
      write: async (bytes: Uint8Array) => {
        if (this.failing.write) throw this.failing.write;
        this.written.push(bytes);
      },
      close: async () => this.handlers.onClose(),
    };
  }

  watch(onChange: () => void): () => void {
    this.change = onChange;
    this.watching = true;
    return () => {
      this.watching = false;
    };
  }
}

/** Everything that the owner of a channel gets. */
export function ends() {
  const got: number[] = [];
  const closes: (TransportError | undefined)[] = [];
  const handlers: ChannelHandlers = {
    onData: (bytes) => got.push(...bytes),
    onClose: (error) => closes.push(error),
  };
  return { got, closes, handlers };
}

/** The far end for the conformance suite: the emulator, behind a transport that `wrap` has changed. */
export async function conformanceHarness(
  received: (bytes: Uint8Array) => void,
  wrap: (transport: Transport) => Transport,
): Promise<ConformanceHarness> {
  const emulator = new Emulator();
  const ports = new Set<Peer>();
  const waiting: (() => void)[] = [];
  let greeting: Uint8Array | undefined;
  const change = (work: () => unknown) => {
    work();
    for (const wake of waiting.splice(0)) wake();
  };
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const attach = emulator.attach.bind(emulator);
  emulator.attach = (port) => {
    const gone = () => change(() => ports.delete(port));
    const connection = attach({
      ...port,
      close: () => {
        port.close();
        gone();
      },
    });
    change(() => ports.add(port));
    if (greeting) port.send(greeting);
    greeting = undefined;
    return {
      receive: received,
      end: () => {
        connection.end();
        gone();
      },
    };
  };
  return {
    transport: wrap(emulator.transport()),
    send: async (bytes) => {
      await until(() => ports.size > 0);
      [...ports].at(-1)!.send(bytes);
    },
    unplug: async () => emulator.unplug(),
    plug: async () => emulator.plug(),
    greet: async (bytes) => {
      greeting = bytes;
    },
    channelsClosed: () => until(() => ports.size === 0),
    dispose: () => emulator.close(),
  };
}
