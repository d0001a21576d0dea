import type { Channel, DeviceInfo, Transport, TransportError } from '@bluetap/transport';

/** Sees what goes through a transport. It runs each call, gives back what that gave, and throws nothing of its own. */
export interface Observer {
  list(call: () => Promise<readonly DeviceInfo[]>): Promise<readonly DeviceInfo[]>;
  /** One channel is about to be opened. */
  channel(device: DeviceInfo): ChannelObserver;
  /** The transport says that it may be worth listing again. */
  change(): void;
}

export interface ChannelObserver {
  open(call: () => Promise<Channel>): Promise<Channel>;
  /** `bytes` belong to the caller: read them before this returns, and keep a copy at most. */
  write(bytes: Uint8Array, call: () => Promise<void>): Promise<void>;
  /** The same; called before the channel's owner gets them. */
  data(bytes: Uint8Array): void;
  /** Called before the channel's owner learns it. */
  closed(error: TransportError | undefined): void;
}

/** The same transport, with an observer that sees all that goes through it. */
export function observe(transport: Transport, observer: Observer): Transport {
  return {
    name: transport.name,
    keepAliveMs: transport.keepAliveMs,
    list: (options) => observer.list(() => transport.list(options)),
    open: (device, handlers, options) => {
      const seen = observer.channel(device);
      return seen.open(async () => {
        const channel = await transport.open(
          device,
          {
            onData: (bytes) => {
              seen.data(bytes);
              handlers.onData(bytes);
            },
            onClose: (error) => {
              seen.closed(error);
              handlers.onClose(error);
            },
          },
          options,
        );
        return {
          write: (bytes, writeOptions) => seen.write(bytes, () => channel.write(bytes, writeOptions)),
          close: () => channel.close(),
        };
      });
    },
    // A transport that cannot watch does not have the method.
    ...(transport.watch && {
      watch: (onChange) =>
        transport.watch!(() => {
          observer.change();
          onChange();
        }),
    }),
  };
}
