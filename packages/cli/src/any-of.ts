import { type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';

/**
 * Several transports as one: a device that is reached through more than one door is listed once, at the first of them. A
 * transport that fails is passed over as long as another one finds a device.
 */
export function anyOf(name: string, transports: readonly Transport[]): Transport {
  /** Whose device it is, from the latest list. */
  let owners = new Map<string, Transport>();
  return {
    name,
    async list(options) {
      const lists = await Promise.allSettled(transports.map((transport) => transport.list(options)));
      options?.signal?.throwIfAborted();
      const found = new Map<string, Transport>();
      const serialNumbers = new Set<string>();
      const devices: DeviceInfo[] = [];
      for (const [index, list] of lists.entries()) {
        if (list.status === 'rejected') continue;
        // Two devices of one door never are one device, whatever their serial numbers.
        const fresh = list.value.filter(({ serialNumber }) => !serialNumber || !serialNumbers.has(serialNumber));
        for (const device of fresh) {
          found.set(device.id, transports[index]!);
          devices.push(device);
          if (device.serialNumber) serialNumbers.add(device.serialNumber);
        }
      }
      owners = found;
      const failures = lists.flatMap((list) => (list.status === 'rejected' ? [list.reason as TransportError] : []));
      if (devices.length === 0 && failures.length > 0) {
        const texts = failures.map(({ message }) => message).join('; ');
        throw new TransportError(failures[0]!.code ?? 'io', texts, { cause: failures[0] });
      }
      return devices;
    },
    async open(device, handlers, options) {
      const owner = owners.get(device.id);
      if (!owner) throw new TransportError('not-found', `${name}: ${device.id} is not in the latest list; list again`);
      return owner.open(device, handlers, options);
    },
    watch(onChange) {
      const stops = transports.map((transport) => transport.watch?.(onChange));
      return () => {
        for (const stop of stops) stop?.();
      };
    },
  };
}
