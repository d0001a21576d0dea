import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/**
 * A line of usbmon: the kernel submitted a transfer (S) or completed a transfer (C).
 * Documentation/usb/usbmon.rst of Linux.
 */
export interface Transfer {
  readonly event: string;
  /** `B` for bulk or `I` for interrupt, then `i` for in or `o` for out. */
  readonly kind: string;
  readonly endpoint: number;
  readonly status: number;
  /** The length in bytes. */
  readonly length: number;
  /** The first bytes in hexadecimal, at most 32. */
  readonly data: string;
}

/** Collects the transfers of one device, as the kernel reports them. */
export class UsbMon extends EventEmitter {
  readonly transfers: Transfer[] = [];
  readonly #process: ChildProcess;

  /** Starts to collect the transfers of the device with this folder in sysfs. */
  static async listen(folder: string): Promise<UsbMon> {
    const [bus, device] = await Promise.all(
      ['busnum', 'devnum'].map(async (name) => Number(await readFile(join(folder, name), 'utf8'))),
    );
    // From here on the kernel keeps all transfers, also if this process reads them late.
    const file = await open(`/sys/kernel/debug/usb/usbmon/${bus}u`);
    return new UsbMon(file, Number(device));
  }

  constructor(file: FileHandle, device: number) {
    super();
    // A read in this process would block one of its threads until the next transfer.
    this.#process = spawn('cat', { stdio: [file.fd, 'pipe', 'inherit'] });
    void file.close();
    const lines = createInterface({ input: this.#process.stdout as Readable });
    lines.on('line', (line) => {
      // The words of a line: tag, time, event, address, status with interval, length, '=' and the words of the data.
      const [, , event = '', address = '', status = '', length, sign, ...words] = line.split(' ');
      const [kind = '', , number, endpoint] = address.split(':');
      if (Number(number) !== device || !/^[BI][io]$/.test(kind)) return;
      const data = sign === '=' ? words.join('') : '';
      const transfer = {
        event,
        kind,
        endpoint: Number(endpoint),
        status: Number.parseInt(status, 10),
        length: Number(length),
        data,
      };
      this.transfers.push(transfer);
      this.emit('transfer', transfer);
    });
  }

  /** Waits for a transfer for which `wanted` is true. */
  async saw(wanted: (transfer: Transfer) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
    while (!this.transfers.some(wanted)) await once(this, 'transfer', { signal });
  }

  stop(): void {
    this.#process.kill();
  }
}
