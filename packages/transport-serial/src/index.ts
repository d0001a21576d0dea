import { statSync } from 'node:fs';
import {
  type Clock,
  type DeviceInfo,
  systemClock,
  type Transport,
  USB_PRODUCT_ID,
  USB_VENDOR_ID,
} from '@bluetap/transport';
import { bounded, noAnswer, pollForChanges } from '@bluetap/transport/kit';
import { listError, openError } from './errors.js';
import { mendPoller } from './mend-poller.js';
import { loadSerialBinding, type SerialBinding, type SerialPortInfo } from './serial-binding.js';
import { openLink } from './serial-link.js';

export type { PortPoller } from './mend-poller.js';
export type { SerialBinding, SerialPortHandle, SerialPortInfo } from './serial-binding.js';

export interface SerialOptions {
  /** This port and no other, whatever stands behind it: an adaptor, a pseudo-terminal. Default: every BlueTap device's. */
  readonly path?: string;
  /** Baud of a port that has such a thing; USB ignores it. Default 115200. */
  readonly baudRate?: number;
  /** USB vendor and product id, for a device that does not have the usual ones (docs/protocol.md section 7). */
  readonly vendorId?: number;
  readonly productId?: number;
  /** How long listing or opening may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /** Gives the binding of serialport; another one in tests. */
  readonly load?: () => Promise<SerialBinding>;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

/**
 * BlueTap over a serial port: the CDC-ACM door of its USB, or any port with a path, by serialport.
 *
 * serialport is loaded by the first `list` or `open`: importing never fails.
 * @throws TypeError for options that are no object, or a path that is no text.
 */
export function serial(options: SerialOptions = {}): Transport {
  const {
    path: only,
    baudRate = 115200,
    vendorId = USB_VENDOR_ID,
    productId = USB_PRODUCT_ID,
    timeoutMs = 3000,
    load = loadSerialBinding,
    clock = systemClock,
  } = options;
  // socket() next door takes a text; here it would be lost without a word, and another port be used than was named.
  if (typeof options !== 'object' || (only !== undefined && (typeof only !== 'string' || only === ''))) {
    throw new TypeError('serial() takes an object, with a path that is a text: serial({ path: "/dev/ttyUSB0" })');
  }
  /** Links that are open: nobody needs to look around meanwhile. */
  let open = 0;
  const found = async (signal?: AbortSignal): Promise<readonly DeviceInfo[]> => {
    const ports = await bounded(async () => (await load()).list(), {
      clock,
      timeoutMs,
      timedOut: () => noAnswer('listing the serial ports', timeoutMs),
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
        throw signal?.aborted ? error : listError(error);
      }
    },
    async open({ id }, handlers, { signal } = {}) {
      try {
        const port = await bounded(
          async () => {
            const opened = await (await load()).open({ path: id, baudRate });
            if (opened.poller) mendPoller(opened.poller);
            // A pseudo-terminal has no such lines; a device can take them for the sign that a host is there.
            await opened.set({ dtr: true, rts: true }).catch(() => {});
            return opened;
          },
          {
            clock,
            timeoutMs,
            timedOut: () => noAnswer(`opening ${id}`, timeoutMs),
            signal,
            // Whoever asked has gone; what opened too late is not left open.
            onLate: (late) => late.close(),
          },
        );
        open++;
        return openLink(id, port, handlers, clock, () => open--);
      } catch (error) {
        throw signal?.aborted ? error : openError(id, error, process.platform);
      }
    },
    watch: (onChange) =>
      pollForChanges(
        clock,
        async () => {
          if (only !== undefined) return attachmentOf(only);
          if (open > 0) return undefined;
          return (await found()).map(({ id, serialNumber }) => `${id} ${serialNumber} ${attachmentOf(id)}`).join('\n');
        },
        onChange,
      ),
  };
}

function infoOf({ path, serialNumber }: SerialPortInfo): DeviceInfo {
  return { id: path, path, ...(serialNumber && { serialNumber }), interface: 'CDC-ACM' };
}

/** Another text for another device node of the same name, and for another permission. */
function attachmentOf(path: string): string {
  const node = statSync(path, { throwIfNoEntry: false });
  return node ? `${node.ino} ${node.ctimeMs}` : 'none';
}

function isHex(text: string | undefined, id: number): boolean {
  return text !== undefined && Number.parseInt(text, 16) === id;
}
