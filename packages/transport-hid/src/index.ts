import {
  type Clock,
  type DeviceInfo,
  systemClock,
  type Transport,
  USB_PRODUCT_ID,
  USB_VENDOR_ID,
} from '@bluetap/transport';
import { bounded, noAnswer, notThere, pollForChanges } from '@bluetap/transport/kit';
import { listError, openError } from './errors.js';
import { openLink } from './hid-link.js';
import { type HidEntry, loadNodeHid, type NodeHid } from './node-hid.js';

export type { HidEntry, HidHandle, NodeHid } from './node-hid.js';

export interface HidOptions {
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number;
  readonly productId?: number;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /** Gives the module node-hid; another one in tests. */
  readonly load?: () => Promise<NodeHid>;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

/** docs/protocol.md section 7. */
const USAGE_PAGE = 0xff00;
const USAGE = 0x01;

/**
 * BlueTap over USB HID, by node-hid. No driver is needed on any system; on Linux the udev rule is.
 *
 * node-hid and what it needs of the system are loaded by the first `list` or `open`: importing never fails.
 */
export function hid({
  vendorId = USB_VENDOR_ID,
  productId = USB_PRODUCT_ID,
  timeoutMs = 3000,
  load = loadNodeHid,
  clock = systemClock,
}: HidOptions = {}): Transport {
  /** Links that are open: looking around meanwhile would slow their reports down. */
  let open = 0;
  const entries = async (signal?: AbortSignal): Promise<readonly DeviceInfo[]> => {
    const found = await bounded(async () => (await load()).devicesAsync(vendorId, productId), {
      clock,
      timeoutMs,
      timedOut: () => noAnswer('listing the HID devices', timeoutMs),
      signal,
    });
    return devicesOf(found);
  };
  return {
    name: 'hid',
    list: ({ signal } = {}) =>
      entries(signal).catch((error) => {
        throw signal?.aborted ? error : listError(error);
      }),
    async open({ id }, handlers, { signal } = {}) {
      if (!id) throw notThere('a HID device without a path');
      try {
        const handle = await bounded(async () => (await load()).HIDAsync.open(id, { nonExclusive: false }), {
          clock,
          timeoutMs,
          timedOut: () => noAnswer(`opening ${id}`, timeoutMs),
          signal,
          // Whoever asked has gone; what opened too late is not left open.
          onLate: (late) => late.close(),
        });
        open++;
        return openLink(id, handle, handlers, clock, () => open--);
      } catch (error) {
        throw signal?.aborted ? error : openError(id, error, process.platform);
      }
    },
    watch: (onChange) =>
      pollForChanges(
        clock,
        async () => (open > 0 ? undefined : (await entries()).map(({ id }) => id).join('\n')),
        onChange,
      ),
  };
}

/** An entry for each device: Windows has one for every usage, and on Linux some builds do not tell the usage. */
function devicesOf(found: readonly HidEntry[]): readonly DeviceInfo[] {
  const devices = new Map<string, DeviceInfo>();
  for (const { path, serialNumber, product, usagePage, usage } of found) {
    if (!path || (usagePage && usagePage !== USAGE_PAGE) || (usage && usagePage && usage !== USAGE)) continue;
    devices.set(path, {
      id: path,
      path,
      ...(serialNumber && { serialNumber }),
      ...(product && { product }),
      interface: 'HID',
    });
  }
  return [...devices.values()];
}
