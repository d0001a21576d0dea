import {
  type Clock,
  type DeviceInfo,
  systemClock,
  type Transport,
  USB_PRODUCT_ID,
  USB_VENDOR_ID,
} from '@bluetap/transport';
import {
  aClock,
  aFunction,
  aWholeNumber,
  checkOptions,
  deviceText,
  knownSerialNumber,
  loaded,
  milliseconds,
  nativeTransport,
  notThere,
  type OptionRules,
} from '@bluetap/transport/kit';
import { LIBRARY, nameOf, openError } from './errors.js';
import { openChannel } from './hid-channel.js';
import { type HidEntry, loadNodeHid, type NodeHid } from './node-hid.js';

/** What `hid` takes. A name that is not here, or a value of another type, is a TypeError. */
export interface HidOptions {
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number | undefined;
  /** USB product id, 0 to 65535. Default 0x0001. */
  readonly productId?: number | undefined;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined;
  /** Gives the module node-hid; another one in tests. */
  readonly load?: (() => Promise<NodeHid>) | undefined;
  /** Default: the real clock. */
  readonly clock?: Clock | undefined;
}

const RULES: OptionRules<HidOptions> = {
  vendorId: aWholeNumber(0, 0xffff),
  productId: aWholeNumber(0, 0xffff),
  timeoutMs: milliseconds,
  load: aFunction,
  clock: aClock,
};

/** docs/protocol.md section 7. */
const USAGE_PAGE = 0xff00;
const USAGE = 0x01;

/**
 * The transport on a system that is named as `process.platform` names it: only the reading of errors depends on it.
 * @throws TypeError that names every option that is wrong
 */
export function hidOn(platform: string, options: HidOptions = {}): Transport {
  checkOptions('hid()', options, RULES);
  const { vendorId = USB_VENDOR_ID, productId = USB_PRODUCT_ID, timeoutMs = 3000 } = options;
  const { load = loadNodeHid, clock = systemClock } = options;
  const hidapi = async <Part extends keyof NodeHid>(part: Part): Promise<NodeHid> =>
    loaded(await load(), part, LIBRARY.name);
  return nativeTransport({
    name: 'hid',
    library: LIBRARY,
    platform,
    clock,
    timeoutMs,
    nameOf,
    list: async () => devicesOf(await (await hidapi('devicesAsync')).devicesAsync(vendorId, productId)),
    async acquire(path) {
      if (!path) throw notThere('a HID device without a path');
      return (await hidapi('HIDAsync')).HIDAsync.open(path, { nonExclusive: false });
    },
    release: (handle) => handle.close(),
    channel: (path, handle, handlers, onRelease) => openChannel({ path, handle, handlers, clock, platform, onRelease }),
    openError: (path, error) => openError(path, error, platform),
  });
}

/** An entry for each device: Windows has one for every usage, and on Linux some builds do not tell the usage. */
function devicesOf(found: readonly HidEntry[]): readonly DeviceInfo[] {
  const devices = new Map<string, DeviceInfo>();
  for (const { path, serialNumber, product, usagePage, usage } of found) {
    if (!path || (usagePage && usagePage !== USAGE_PAGE) || (usage && usagePage && usage !== USAGE)) continue;
    const known = { serialNumber: knownSerialNumber(serialNumber), product: deviceText(product) };
    devices.set(path, {
      id: path,
      path,
      ...(known.serialNumber && { serialNumber: known.serialNumber }),
      ...(known.product && { product: known.product }),
      interface: 'HID',
    });
  }
  return [...devices.values()];
}
