import { existsSync } from 'node:fs';
import { type Clock, systemClock, type Transport, USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import { bounded, noAnswer, notThere, pollForChanges } from '@bluetap/transport/kit';
import { openLink, release } from './bulk-link.js';
import { listError, openError } from './errors.js';
import { type BulkInterface, bulkInterfaceOf, configurationsOf, idOf, infoOf } from './find.js';
import { loadNodeUsb, type NodeUsb, type UsbDevice } from './node-usb.js';
import { quietly } from './quietly.js';

export type {
  NodeUsb,
  UsbBus,
  UsbConfiguration,
  UsbDevice,
  UsbEndpoint,
  UsbInResult,
  UsbInterface,
  UsbOutResult,
  UsbSetup,
} from './node-usb.js';

export interface UsbOptions {
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number;
  readonly productId?: number;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /** Gives the module usb; another one in tests, which then is asked on a machine without USB too. */
  readonly load?: () => Promise<NodeUsb>;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

/** Without it there is no USB here, and the library takes that for a failure. */
const LINUX_BUS = '/sys/bus/usb/devices';

async function loadWhereUsbIs(): Promise<NodeUsb | undefined> {
  return process.platform === 'linux' && !existsSync(LINUX_BUS) ? undefined : loadNodeUsb();
}

/**
 * BlueTap over its vendor-specific USB interface, by usb. On Linux it needs the udev rule; on Windows the device's own
 * descriptors bring the driver.
 *
 * usb is loaded by the first `list` or `open`: importing never fails.
 */
export function usb({
  vendorId = USB_VENDOR_ID,
  productId = USB_PRODUCT_ID,
  timeoutMs = 3000,
  load,
  clock = systemClock,
}: UsbOptions = {}): Transport {
  /** Links that are open: describing the devices asks them, in the way of their transfers. */
  let open = 0;
  const devices = async (signal?: AbortSignal): Promise<readonly Found[]> => {
    const found = await bounded(async () => (await (load ?? loadWhereUsbIs)())?.usb.getDevices() ?? [], {
      clock,
      timeoutMs,
      timedOut: () => noAnswer('listing the USB devices', timeoutMs),
      signal,
    });
    return found
      .filter((device) => device.vendorId === vendorId && device.productId === productId)
      .flatMap((device) => {
        const configurations = configurationsOf(device);
        // One that cannot be described is listed all the same: whoever opens it learns why.
        if (!configurations) return { device };
        const bulk = bulkInterfaceOf(configurations);
        return bulk ? { device, bulk } : [];
      });
  };
  return {
    name: 'usb',
    async list({ signal } = {}) {
      try {
        return (await devices(signal)).map(({ device }) => infoOf(device));
      } catch (error) {
        throw signal?.aborted ? error : listError(error);
      }
    },
    async open({ id }, handlers, { signal } = {}) {
      const what = `the USB device ${id}`;
      try {
        const found = (await devices(signal)).find(({ device }) => idOf(device) === id);
        if (!found) throw notThere(what);
        const { device } = found;
        const bulk = await bounded(() => acquire(found), {
          clock,
          timeoutMs,
          timedOut: () => noAnswer(`opening ${what}`, timeoutMs),
          signal,
          // Whoever asked has gone; what opened too late is not left open.
          onLate: ({ number }) => release(device, number),
        });
        open++;
        return openLink(what, device, bulk, handlers, clock, () => open--);
      } catch (error) {
        throw signal?.aborted ? error : openError(what, error, process.platform);
      }
    },
    // The library's own events end the process where it cannot listen, and keep a program from ending.
    watch: (onChange) =>
      pollForChanges(
        clock,
        async () => (open > 0 ? undefined : (await devices()).map(({ device }) => idOf(device)).join('\n')),
        onChange,
      ),
  };
}

interface Found {
  readonly device: UsbDevice;
  /** Undefined where that is not known before the device is open. */
  readonly bulk?: BulkInterface;
}

/** Opens and claims; leaves nothing open when it fails. */
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

/** The system configures a device that it knows; asking fails for one that stalls the request for its languages. */
function isConfigured(device: UsbDevice): boolean {
  try {
    return device.configuration !== null && device.configuration !== undefined;
  } catch {
    return true;
  }
}
