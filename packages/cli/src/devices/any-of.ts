import { type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';

/**
 * Makes one transport of several. The best transport comes first. Each device is listed once, also if
 * several transports reach it.
 *
 * The serial number identifies a device. Some devices have no serial number, and some transports do not know the
 * number. Such a device cannot be distinguished from other devices. A HELLO would ask it, but would also take its
 * session from another program. So the list contains the smallest number of devices that can be attached:
 *
 * - Two devices in the list of one transport are always two devices, also with the same serial number.
 * - A device without a number can be a device of an earlier transport that this transport has not listed by its number.
 *   If there is such a device, the device without a number is not listed again. So a POS with one device finds one
 *   device.
 * - A device can have a number that no earlier transport lists, while an earlier transport lists a device without a
 *   number. The two can be the same device. The device with the number replaces the other one, because its number can
 *   be typed.
 *
 * So a second device without a number can stay hidden. A device with a number is always listed. A transport that fails
 * is ignored if another transport finds a device.
 */
export function anyOf(name: string, transports: readonly Transport[]): Transport {
  /** The transport of each device of the latest list, by the id of the device. */
  let owners = new Map<string, Transport>();
  return {
    name,
    async list(options) {
      const lists = await Promise.allSettled(transports.map((transport) => transport.list(options)));
      options?.signal?.throwIfAborted();
      let found: readonly Found[] = [];
      for (const [index, list] of lists.entries()) {
        if (list.status === 'fulfilled') found = merged(found, list.value, transports[index]!);
      }
      owners = new Map(found.map(({ device, owner }) => [device.id, owner]));
      const failures = lists.flatMap((list) => (list.status === 'rejected' ? [asTransportError(list.reason)] : []));
      const [first] = failures;
      if (found.length === 0 && first) {
        throw new TransportError(first.code, failures.map(({ message }) => message).join('; '), { cause: first });
      }
      return found.map(({ device }) => device);
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

interface Found {
  readonly device: DeviceInfo;
  readonly owner: Transport;
}

/** Adds the list of the next transport to the devices that were found so far. */
function merged(earlier: readonly Found[], listed: readonly DeviceInfo[], owner: Transport): readonly Found[] {
  const found = [...earlier];
  /** The earlier devices that this transport has not listed yet. */
  const unmet = new Set(earlier);
  const fresh: DeviceInfo[] = [];
  for (const device of listed.filter(numberOf)) {
    const same = earlier.filter((each) => numberOf(each.device) === numberOf(device));
    for (const each of same) unmet.delete(each);
    if (same.length === 0) fresh.push(device);
  }
  for (const device of fresh) {
    const nameless = [...unmet].find((each) => !numberOf(each.device));
    if (nameless) unmet.delete(nameless);
    found.splice(nameless ? found.indexOf(nameless) : found.length, nameless ? 1 : 0, { device, owner });
  }
  for (const device of listed.filter((each) => !numberOf(each))) {
    const [perhaps] = unmet;
    if (perhaps) unmet.delete(perhaps);
    else found.push({ device, owner });
  }
  return found;
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('io', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Returns the serial number, or '' if there is none. Some systems leave spaces around it. */
function numberOf({ serialNumber }: DeviceInfo): string {
  return serialNumber?.trim() ?? '';
}
