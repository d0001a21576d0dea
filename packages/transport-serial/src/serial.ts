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

/** What `serial` takes. A name that is not here, or a value of another type, is a TypeError. */
export interface SerialOptions {
  /** This port and no other, whatever stands behind it: an adaptor, a pseudo-terminal. Default: every BlueTap device's. */
  readonly path?: string | undefined;
  /** Baud of a port that has such a thing; USB ignores it. Default 115200. */
  readonly baudRate?: number | undefined;
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number | undefined;
  /** USB product id, 0 to 65535. Default 0x0001. */
  readonly productId?: number | undefined;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number | undefined;
  /** Gives the binding of serialport; another one in tests. */
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
  // socket() of the socket package takes a text; here it would be lost without a word, and another port be used than was named.
  if (typeof options === 'string' || (path !== undefined && !aString.holds(path))) {
    throw new TypeError('serial() takes an object, with a path that is a text: serial({ path: "/dev/ttyUSB0" })');
  }
  checkOptions('serial()', options, RULES);
}

/**
 * The transport on a system that is named as `process.platform` names it: only the reading of errors, and looking after a port
 * that has gone, depend on it.
 * @throws TypeError that names every option that is wrong
 */
export function serialOn(platform: string, options: SerialOptions = {}): Transport {
  check(options);
  const { path: only, baudRate = 115200, vendorId = USB_VENDOR_ID, productId = USB_PRODUCT_ID } = options;
  const { timeoutMs = 3000, load = loadSerialBinding, clock = systemClock } = options;
  const binding = async (part: keyof SerialBinding): Promise<SerialBinding> => loaded(await load(), part, LIBRARY.name);
  // A port that was named is there for whoever opens it to find out: the reason is worth more than an empty list.
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
      // A pseudo-terminal has no such lines; a device can take them for the sign that a host is there.
      await port.set({ dtr: true, rts: true }).catch(() => {});
      return port;
    },
    release: (port) => port.close(),
    channel: (path, port, handlers, onRelease) => openChannel({ path, port, handlers, clock, platform, onRelease }),
    openError: (path, error) => openError(path, error, platform),
    attachmentOf: ({ id, serialNumber }) => `${id} ${serialNumber} ${attachmentOf(id, platform)}`,
  });
  if (only === undefined) return transport;
  // To look at the one path costs nothing, whoever has it open.
  return {
    ...transport,
    watch: (onChange) => pollForChanges(clock, async () => attachmentOf(only, platform), onChange),
  };
}

function infoOf({ path, serialNumber: told }: SerialPortInfo): DeviceInfo {
  const serialNumber = knownSerialNumber(told);
  return { id: path, path, ...(serialNumber && { serialNumber }), interface: 'CDC-ACM' };
}

/** Another text for another device node of the same name, and for another permission. Windows has no node for a port. */
function attachmentOf(path: string, platform: string): string {
  if (platform === 'win32') return '';
  const node = statSync(path, { throwIfNoEntry: false });
  return node ? `${node.ino} ${node.ctimeMs}` : 'none';
}

function isHex(text: string | undefined, id: number): boolean {
  return text !== undefined && Number.parseInt(text, 16) === id;
}
