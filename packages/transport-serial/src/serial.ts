import { statSync } from 'node:fs';
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
  aString,
  aWholeNumber,
  checkOptions,
  knownSerialNumber,
  loaded,
  milliseconds,
  nativeTransport,
  type OptionRules,
  pollForChanges,
} from '@bluetap/transport/kit';
import { LIBRARY, openError } from './errors.js';
import { mendPoller } from './mend-poller.js';
import { loadSerialBinding, type SerialBinding } from './serial-binding.js';
import { openChannel } from './serial-channel.js';
import type { SerialPortInfo } from './usb-ports.js';

/** The options of `serial`. An unknown name, or a value of another type, is a TypeError. */
export interface SerialOptions {
  /**
   * Use only this port. It can be any port, such as an adaptor or a pseudo-terminal. Default: the ports of all BlueTap
   * devices.
   */
  readonly path?: string | undefined;
  /** The baud rate of the port. USB ignores it. Default 115200. */
  readonly baudRate?: number | undefined;
  /**
   * USB vendor id, 0 to 65535. Default 0x1209. Set it with `productId` if a device has other ids (docs/protocol.md
   * section 7).
   */
  readonly vendorId?: number | undefined;
  /** USB product id, 0 to 65535. Default 0x0001. */
  readonly productId?: number | undefined;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined;
  /** Loads the binding of serialport. Tests load another binding. */
  readonly load?: (() => Promise<SerialBinding>) | undefined;
  /** Default: the real clock. */
  readonly clock?: Clock | undefined;
}

const RULES: OptionRules<SerialOptions> = {
  path: aString,
  baudRate: aWholeNumber(1, 0x7fffffff),
  vendorId: aWholeNumber(0, 0xffff),
  productId: aWholeNumber(0, 0xffff),
  timeoutMs: milliseconds,
  load: aFunction,
  clock: aClock,
};

function check(options: unknown): void {
  const path = (options as SerialOptions | null | undefined)?.path;
  // socket() takes a string. serial() refuses a string, because otherwise it would silently use another port than the
  // caller named.
  if (typeof options === 'string' || (path !== undefined && !aString.holds(path))) {
    throw new TypeError(
      'serial() takes an object whose path is a string that is not empty: serial({ path: "/dev/ttyUSB0" })',
    );
  }
  checkOptions('serial()', options, RULES);
}

/**
 * The transport on the system `platform`, as `process.platform` names it. Only the reading of errors, and the check for
 * a port that is gone, depend on the system.
 * @throws TypeError that names every option that is wrong.
 */
export function serialOn(platform: string, options: SerialOptions = {}): Transport {
  check(options);
  const { path: only, baudRate = 115200, vendorId = USB_VENDOR_ID, productId = USB_PRODUCT_ID } = options;
  const { timeoutMs = 3000, load = loadSerialBinding, clock = systemClock } = options;
  const binding = async (part: keyof SerialBinding): Promise<SerialBinding> => loaded(await load(), part, LIBRARY.name);
  // A named port is always listed. If it is not there, `open` reports the reason, which helps more than an empty list.
  const named: readonly DeviceInfo[] | undefined =
    only === undefined ? undefined : [{ id: only, path: only, interface: 'serial port' }];
  const transport = nativeTransport({
    name: only === undefined ? 'serial' : `serial:${only}`,
    library: LIBRARY,
    platform,
    clock,
    timeoutMs,
    nameOf: (path) => `the serial port ${path}`,
    async list() {
      if (named) return named;
      const ports = await (await binding('list')).list();
      return ports.filter((port) => isHex(port.vendorId, vendorId) && isHex(port.productId, productId)).map(infoOf);
    },
    async acquire(path) {
      const port = await (await binding('open')).open({ path, baudRate });
      if (port.poller) mendPoller(port.poller);
      // With these lines, a device can see that a host is there. A pseudo-terminal does not have them, so an error is
      // ignored.
      await port.set({ dtr: true, rts: true }).catch(() => {});
      return port;
    },
    release: (port) => port.close(),
    channel: (path, port, handlers, onRelease) => openChannel({ path, port, handlers, clock, platform, onRelease }),
    openError: (path, error) => openError(path, error, platform),
    attachmentOf: ({ id, serialNumber }) => `${id} ${serialNumber} ${attachmentOf(id, platform)}`,
  });
  if (only === undefined) return transport;
  // Windows has no node of a port that changes when a device comes or goes.
  if (platform === 'win32') return withoutWatch(transport);
  // A look at one path is cheap, even while a program has the port open.
  return {
    ...transport,
    watch: (onChange) => pollForChanges(clock, async () => attachmentOf(only, platform), onChange),
  };
}

function withoutWatch({ watch: _, ...transport }: Transport): Transport {
  return transport;
}

function infoOf({ path, serialNumber: told }: SerialPortInfo): DeviceInfo {
  const serialNumber = knownSerialNumber(told);
  return { id: path, path, ...(serialNumber && { serialNumber }), interface: 'CDC-ACM' };
}

/**
 * A string that changes if the device node of this name is replaced or its permissions change. Always the same on
 * Windows.
 */
function attachmentOf(path: string, platform: string): string {
  if (platform === 'win32') return '';
  const node = statSync(path, { throwIfNoEntry: false });
  return node ? `${node.ino} ${node.ctimeMs}` : 'none';
}

function isHex(text: string | undefined, id: number): boolean {
  return text !== undefined && Number.parseInt(text, 16) === id;
}
