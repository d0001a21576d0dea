import type { Channel, DeviceInfo, Transport, TransportError } from '@bluetap/transport';

/**
 * Sees everything that goes through a transport. It runs each call, returns the result of the call, and throws nothing
 * of its own.
 */
export interface Observer {
  list(call: () => Promise<readonly DeviceInfo[]>): Promise<readonly DeviceInfo[]>;
  /** A channel will be opened. */
  channel(device: DeviceInfo): ChannelObserver;
  /** The transport reports that devices may have changed. */
  change(): void;
}

export interface ChannelObserver {
  open(call: () => Promise<Channel>): Promise<Channel>;
  /** `bytes` belong to the caller: read them before this returns, and keep only a copy. */
  write(bytes: Uint8Array, call: () => Promise<void>): Promise<void>;
  /** The same rule for `bytes` as in `write`. Called before the channel's owner gets the bytes. */
  data(bytes: Uint8Array): void;
  /** Called before the channel's owner is told. */
  closed(error: TransportError | undefined): void;
}

/** Returns a transport that does the same, with an observer that sees everything that goes through it. */
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
