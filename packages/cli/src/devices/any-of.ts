import { type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';

/**
 * Several transports as one, the best first: a device that is reached through more than one of them is listed once. Who is
 * who is known by the serial number. A device without one, or whose number a transport does not know, cannot be told from
 * the others, and to ask it (HELLO) would take its session from another program. So the list has as few devices as can be
 * attached:
 *
 * - Two devices of one transport are two devices, whatever their serial numbers.
 * - A device without a number is no further one where an earlier transport has a device that this transport has not shown
 *   otherwise: it may be that one. A POS with one device finds one.
 * - A device with a number, of which earlier transports know nothing but have one without a number, takes that one's
 *   place: it may be that one, and can be named.
 *
 * So a second device can stay unseen as long as it has no number; one that has a number never does. A transport that fails is
 * passed over as long as another one finds a device.
 */
export function anyOf(name: string, transports: readonly Transport[]): Transport {
  /** Whose device it is, from the latest list. */
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

/** What was found so far, with what the next transport lists. */
function merged(earlier: readonly Found[], listed: readonly DeviceInfo[], owner: Transport): readonly Found[] {
  const found = [...earlier];
  /** Of the earlier ones, those that this transport has not shown yet. */
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

/** Empty if there is no serial number. Systems differ in the spaces that they leave around it. */
function numberOf({ serialNumber }: DeviceInfo): string {
  return serialNumber?.trim() ?? '';
}
