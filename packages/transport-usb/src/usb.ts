import { existsSync } from 'node:fs';
import { type Clock, systemClock, type Transport, USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import {
  aClock,
  aFunction,
  aWholeNumber,
  checkOptions,
  loaded,
  milliseconds,
  nativeTransport,
  notThere,
  type OptionRules,
} from '@bluetap/transport/kit';
import { openChannel, release } from './bulk-channel.js';
import { LIBRARY, openError } from './errors.js';
import { type BulkInterface, bulkInterfaceOf, configurationsOf, idOf, infoOf } from './find.js';
import { loadNodeUsb, type NodeUsb, type UsbDevice } from './node-usb.js';
import { quietly } from './quietly.js';

/** The options of `usb`. An unknown name, or a value of another type, is a TypeError. */
export interface UsbOptions {
  /**
   * USB vendor id, 0 to 65535. Default 0x1209. Set it with `productId` if a device has other ids (docs/protocol.md
   * section 7).
   */
  readonly vendorId?: number | undefined;
  /** USB product id, 0 to 65535. Default 0x0001. */
  readonly productId?: number | undefined;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined;
  /** Loads the module usb. Tests load another module, which is also used on a machine without USB. */
  readonly load?: (() => Promise<NodeUsb>) | undefined;
  /** Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/** If this folder does not exist, the machine has no USB, and the library would report a failure. */
const LINUX_BUS = '/sys/bus/usb/devices';

/** @param load Loads another module than the real library. It is also used on a machine without USB. */
async function devicesOf(load: UsbOptions['load']): Promise<readonly UsbDevice[]> {
  if (!load && process.platform === 'linux' && !existsSync(LINUX_BUS)) return [];
  return loaded(await (load ?? loadNodeUsb)(), 'usb', LIBRARY.name).usb.getDevices();
}

const RULES: OptionRules<UsbOptions> = {
  vendorId: aWholeNumber(0, 0xffff),
  productId: aWholeNumber(0, 0xffff),
  timeoutMs: milliseconds,
  load: aFunction,
  clock: aClock,
};

/**
 * The transport on the system `platform`, as `process.platform` names it. Only the reading of errors depends on the
 * system.
 * @throws TypeError that names every option that is wrong.
 */
export function usbOn(platform: string, options: UsbOptions = {}): Transport {
  checkOptions('usb()', options, RULES);
  const { vendorId = USB_VENDOR_ID, productId = USB_PRODUCT_ID, timeoutMs = 3000 } = options;
  const { load, clock = systemClock } = options;
  const found = async (): Promise<readonly Found[]> =>
    (await devicesOf(load))
      .filter((device) => device.vendorId === vendorId && device.productId === productId)
      .flatMap((device) => {
        const configurations = configurationsOf(device);
        // A device whose configurations cannot be read is listed too. Then `open` reports the reason.
        if (!configurations) return { device };
        const bulk = bulkInterfaceOf(configurations);
        return bulk ? { device, bulk } : [];
      });
  // `watch` lists the devices. The events of the library end the process on some machines, and keep a program running.
  return nativeTransport({
    name: 'usb',
    library: LIBRARY,
    platform,
    clock,
    timeoutMs,
    nameOf,
    list: async () => (await found()).map(({ device }) => infoOf(device)),
    async acquire(id) {
      const wanted = (await found()).find(({ device }) => idOf(device) === id);
      if (!wanted) throw notThere(nameOf(id));
      return { device: wanted.device, bulk: await acquire(wanted) };
    },
    release: ({ device, bulk }) => release(device, bulk.number),
    channel: (id, { device, bulk }, handlers, onRelease) =>
      openChannel({ what: nameOf(id), device, bulk, handlers, clock, platform, onRelease }),
    openError: (id, error) => openError(nameOf(id), error, platform),
  });
}

function nameOf(id: string): string {
  return `the USB device ${id}`;
}

interface Found {
  readonly device: UsbDevice;
  /** Undefined if it is not known before the device is open. */
  readonly bulk?: BulkInterface | undefined;
}

/** Opens the device and claims the interface. If it fails, the device is not open. */
async function acquire({ device, bulk: known }: Found): Promise<BulkInterface> {
  await device.open();
  try {
    const bulk = known ?? bulkInterfaceOf(device.configurations);
    if (!bulk) throw notThere(`the vendor-specific interface of ${idOf(device)}`);
    if (!isConfigured(device)) await device.selectConfiguration(bulk.configuration);
    await device.claimInterface(bulk.number);
    return bulk;
  } catch (error) {
    await quietly(() => device.close());
    throw error;
  }
}

/**
 * The system usually configures a device. The question fails for a device that stalls the request for its languages:
 * then true.
 */
function isConfigured(device: UsbDevice): boolean {
  try {
    return device.configuration !== null && device.configuration !== undefined;
  } catch {
    return true;
  }
}
