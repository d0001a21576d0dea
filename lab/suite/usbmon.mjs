import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_MS } from './patience.mjs';

/**
 * A line of usbmon: a transfer that was submitted (S) or is complete (C), as the kernel saw it. `data` is in hexadecimal,
 * the first 32 bytes at most. Documentation/usb/usbmon.rst of Linux.
 * @typedef {{ event: string, kind: string, endpoint: number, status: number, length: number, data: string }} Transfer
 */

/** The kernel's own view of what one device does. */
export class UsbMon extends EventEmitter {
  /** @type {Transfer[]} */
  transfers = [];
  #process;

  /** @param {string} folder of the device in sysfs */
  static async listen(folder) {
    const [bus, device] = await Promise.all(
      ['busnum', 'devnum'].map(async (name) => Number(await readFile(join(folder, name), 'utf8'))),
    );
    // From here on the kernel keeps all of it, however late that is read.
    const file = await open(`/sys/kernel/debug/usb/usbmon/${bus}u`);
    return new UsbMon(file, Number(device));
  }

  /** @param {import('node:fs/promises').FileHandle} file @param {number} device */
  constructor(file, device) {
    super();
    // A read in this process would hold a thread of it until the next transfer.
    this.#process = spawn('cat', { stdio: [file.fd, 'pipe', 'inherit'] });
    void file.close();
    const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (this.#process.stdout) });
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

  /** Resolves when a transfer has been seen. @param {(transfer: Transfer) => boolean} wanted */
  async saw(wanted) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!this.transfers.some(wanted)) await once(this, 'transfer', { signal });
  }

  stop() {
    this.#process.kill();
  }
}
