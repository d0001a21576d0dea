import type { DeviceInfo, Transport } from '@bluetap/transport';
import { type Listing, listingError, listOne } from '../devices/listing.js';

/** A device was attached or detached at a transport, or a transport began to fail. */
export type Change =
  | { readonly event: 'attached' | 'detached'; readonly transport: string; readonly device: DeviceInfo }
  | { readonly event: 'failing'; readonly transport: string; readonly message: string };

/** Returns a function that takes each new listing and reports the differences from the listing before. */
export function differences(tell: (change: Change) => void): (listing: Listing) => void {
  let known = new Map<string, DeviceInfo>();
  let failing: string | undefined;
  return (listing) => {
    const { transport } = listing;
    if ('error' in listing) {
      const { message } = listing.error;
      if (message !== failing) tell({ event: 'failing', transport, message });
      failing = message;
      return;
    }
    failing = undefined;
    const now = new Map(listing.devices.map((device) => [device.id, device]));
    for (const [id, device] of known) if (!now.has(id)) tell({ event: 'detached', transport, device });
    for (const [id, device] of now) if (!known.has(id)) tell({ event: 'attached', transport, device });
    known = now;
  };
}

/**
 * Reports the attached devices, and then every change, until it is stopped. When a transport reports a change, the
 * devices are listed again. Only a difference between two lists is reported.
 * @returns The function that stops it.
 */
export function watchAll(transports: readonly Transport[], tell: (change: Change) => void): () => void {
  let stopped = false;
  const stops = transports.map((transport) => {
    const compare = differences(tell);
    const look = async (): Promise<void> => {
      const listing = await listOne(transport);
      if (!stopped) compare(listing);
    };
    let looking: Promise<void> | undefined;
    let again = false;
    // Many changes can come while one list is in progress. One more list is enough for all of them.
    const start = (): void => {
      again = looking !== undefined;
      looking ??= look().then(() => {
        looking = undefined;
        if (again && !stopped) start();
      });
    };
    start();
    return transport.watch?.(start);
  });
  return () => {
    stopped = true;
    for (const stop of stops) stop?.();
  };
}

/**
 * Wraps a transport, so that the changes in its lists are reported. It makes no list of its own. While a client has no
 * device, it lists the devices once a second. While the client has a device, a list could disturb that device.
 */
export function tellingChanges(transport: Transport, tell: (change: Change) => void): Transport {
  const compare = differences(tell);
  return {
    name: transport.name,
    async list(options) {
      try {
        const devices = await transport.list(options);
        compare({ transport: transport.name, devices });
        return devices;
      } catch (error) {
        if (!options?.signal?.aborted) compare(listingError(transport, error));
        throw error;
      }
    },
    open: (device, handlers, options) => transport.open(device, handlers, options),
  };
}
