import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WAIT_LIMIT_MS } from './wait-limit.js';

/**
 * A line of usbmon: a transfer that was submitted (S) or is complete (C), as the kernel saw it.
 * Documentation/usb/usbmon.rst of Linux.
 */
export interface Transfer {
  readonly event: string;
  /** B for bulk or I for interrupt, and i for in or o for out. */
  readonly kind: string;
  readonly endpoint: number;
  readonly status: number;
  /** In bytes. */
  readonly length: number;
  /** In hexadecimal, the first 32 bytes at most. */
  readonly data: string;
}

/** The kernel's own view of what one device does. */
export class UsbMon extends EventEmitter {
  readonly transfers: Transfer[] = [];
  readonly #process: ChildProcess;

  /** Listens to the device with this folder in sysfs. */
  static async listen(folder: string): Promise<UsbMon> {
    const [bus, device] = await Promise.all(
      ['busnum', 'devnum'].map(async (name) => Number(await readFile(join(folder, name), 'utf8'))),
    );
    // From here on the kernel keeps all of it, however late that is read.
    const file = await open(`/sys/kernel/debug/usb/usbmon/${bus}u`);
    return new UsbMon(file, Number(device));
  }

  constructor(file: FileHandle, device: number) {
    super();
    // A read in this process would hold a thread of it until the next transfer.
    this.#process = spawn('cat', { stdio: [file.fd, 'pipe', 'inherit'] });
    void file.close();
    const lines = createInterface({ input: this.#process.stdout as Readable });
    lines.on('line', (line) => {
      // Tag, time, event, address, status with interval, length, '=' and data in words.
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

  /** Resolves when a transfer has been seen. */
  async saw(wanted: (transfer: Transfer) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_LIMIT_MS);
    while (!this.transfers.some(wanted)) await once(this, 'transfer', { signal });
  }

  stop(): void {
    this.#process.kill();
  }
}
