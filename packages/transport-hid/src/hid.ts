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

/** The options of `hid`. An unknown name, or a value of another type, is a TypeError. */
export interface HidOptions {
  /**
   * USB vendor id, 0 to 65535. Default 0x1209. Set it with `productId` if a device has other ids (docs/protocol.md
   * section 7).
   */
  readonly vendorId?: number | undefined;
  /** USB product id, 0 to 65535. Default 0x0001. */
  readonly productId?: number | undefined;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined;
  /** Loads the module node-hid. Tests load another module. */
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
 * The transport on the system `platform`, as `process.platform` names it. Only the reading of errors depends on the
 * system.
 * @throws TypeError that names every option that is wrong.
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

/** One entry for each device. Windows lists an entry for every usage. On Linux, some builds do not report the usage. */
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
