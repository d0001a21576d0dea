import type { DeviceInfo, Link, Transport, TransportError } from '@bluetap/transport';

/** Sees what goes through a transport. It runs each call, gives back what that gave, and throws nothing of its own. */
export interface Observer {
  list(call: () => Promise<readonly DeviceInfo[]>): Promise<readonly DeviceInfo[]>;
  /** One link is about to be opened. */
  link(device: DeviceInfo): LinkObserver;
  /** The transport says that it may be worth listing again. */
  hint(): void;
}

export interface LinkObserver {
  open(call: () => Promise<Link>): Promise<Link>;
  /** `bytes` belong to the caller: read them before this returns, and keep a copy at most. */
  write(bytes: Uint8Array, call: () => Promise<void>): Promise<void>;
  /** The same; called before the link's owner gets them. */
  data(bytes: Uint8Array): void;
  /** Called before the link's owner learns it. */
  closed(error: TransportError | undefined): void;
}

/** The same transport, with an observer that sees all that goes through it. */
export function observe(transport: Transport, observer: Observer): Transport {
  return {
    name: transport.name,
    keepAliveMs: transport.keepAliveMs,
    list: (options) => observer.list(() => transport.list(options)),
    open: (device, handlers, options) => {
      const seen = observer.link(device);
      return seen.open(async () => {
        const link = await transport.open(
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
          write: (bytes, writeOptions) => seen.write(bytes, () => link.write(bytes, writeOptions)),
          close: () => link.close(),
        };
      });
    },
    // A transport that cannot watch does not have the method.
    ...(transport.watch && {
      watch: (onChange) =>
        transport.watch!(() => {
          observer.hint();
          onChange();
        }),
    }),
  };
}
