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
  bounded,
  checkOptions,
  knownSerialNumber,
  loaded,
  milliseconds,
  noAnswer,
  type OptionRules,
  pollForChanges,
} from '@bluetap/transport/kit';
import { LIBRARY, listError, openError } from './errors.js';
import { mendPoller } from './mend-poller.js';
import { loadSerialBinding, type SerialBinding } from './serial-binding.js';
import { openLink } from './serial-link.js';
import type { SerialPortInfo } from './usb-ports.js';

export interface SerialOptions {
  /** This port and no other, whatever stands behind it: an adaptor, a pseudo-terminal. Default: every BlueTap device's. */
  readonly path?: string | undefined;
  /** Baud of a port that has such a thing; USB ignores it. Default 115200. */
  readonly baudRate?: number | undefined;
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number | undefined;
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
  // socket() next door takes a text; here it would be lost without a word, and another port be used than was named.
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
  /** Links that are open: nobody needs to look around meanwhile. */
  let open = 0;
  const found = async (signal?: AbortSignal): Promise<readonly DeviceInfo[]> => {
    const ports = await bounded(async () => loaded(await load(), 'list', LIBRARY.name).list(), {
      clock,
      timeoutMs,
      timedOut: (stoodStillMs) => noAnswer('listing the serial ports', timeoutMs, stoodStillMs),
      signal,
    });
    return ports.filter((port) => isHex(port.vendorId, vendorId) && isHex(port.productId, productId)).map(infoOf);
  };
  // A port that was named is there for whoever opens it to find out: the reason is worth more than an empty list.
  const named: readonly DeviceInfo[] | undefined =
    only === undefined ? undefined : [{ id: only, path: only, interface: 'serial port' }];
  return {
    name: only === undefined ? 'serial' : `serial:${only}`,
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      if (named) return named;
      try {
        return await found(signal);
      } catch (error) {
        throw signal?.aborted ? error : listError(error, platform);
      }
    },
    async open({ id }, handlers, { signal } = {}) {
      try {
        const port = await bounded(
          async () => {
            const opened = await loaded(await load(), 'open', LIBRARY.name).open({ path: id, baudRate });
            if (opened.poller) mendPoller(opened.poller);
            // A pseudo-terminal has no such lines; a device can take them for the sign that a host is there.
            await opened.set({ dtr: true, rts: true }).catch(() => {});
            return opened;
          },
          {
            clock,
            timeoutMs,
            timedOut: (stoodStillMs) => noAnswer(`opening the serial port ${id}`, timeoutMs, stoodStillMs),
            signal,
            // Whoever asked has gone; what opened too late is not left open.
            onLate: (late) => late.close(),
          },
        );
        open++;
        return openLink({ path: id, port, handlers, clock, platform, onRelease: () => open-- });
      } catch (error) {
        throw signal?.aborted ? error : openError(id, error, platform);
      }
    },
    watch: (onChange) =>
      pollForChanges(
        clock,
        async () => {
          if (only !== undefined) return attachmentOf(only, platform);
          if (open > 0) return undefined;
          const ports = await found();
          return ports.map((port) => `${port.id} ${port.serialNumber} ${attachmentOf(port.id, platform)}`).join('\n');
        },
        onChange,
      ),
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
