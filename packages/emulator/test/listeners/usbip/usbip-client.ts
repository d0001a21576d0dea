import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * A USB/IP host that uses only numbers and offsets, so that it does not share an error with the server's own reading
 * and writing. It is as strict as Linux: an answer to a number that does not wait is an error.
 */

export interface Submit {
  readonly ep: number;
  /** The room of an IN transfer. In an OUT transfer, the length that the header claims. */
  readonly length?: number;
  readonly flags?: number;
  readonly setup?: readonly number[];
  /** Makes it an OUT transfer. */
  readonly data?: Uint8Array;
  readonly packets?: number;
  readonly seqnum?: number;
}

export interface Answer {
  /** 3 is RET_SUBMIT, 4 is RET_UNLINK. */
  readonly command: number;
  readonly seqnum: number;
  readonly status: number;
  readonly length: number;
  readonly data: Buffer;
  /** The header. */
  readonly raw: Buffer;
}

export const STALL = -32;
export const UNLINKED = -104;
/** busnum 1, devnum 2. */
export const DEVID = 0x10002;

export function submitBytes({ ep, length, flags = 0, setup = [], data, packets = 0, seqnum = 0 }: Submit): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(seqnum, 4);
  header.writeUInt32BE(DEVID, 8);
  header.writeUInt32BE(data ? 0 : 1, 12);
  header.writeUInt32BE(ep, 16);
  header.writeUInt32BE(flags, 20);
  header.writeUInt32BE(length ?? data?.length ?? 0, 24);
  header.writeUInt32BE(packets, 32);
  header.writeUInt32BE(1, 36);
  Buffer.from(setup).copy(header, 40);
  return Buffer.concat([header, data ?? Buffer.alloc(0)]);
}

export function unlinkBytes(seqnum: number, victim: number): Buffer {
  const header = Buffer.alloc(48);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(seqnum, 4);
  header.writeUInt32BE(DEVID, 8);
  header.writeUInt32BE(victim, 20);
  return header;
}

export function importBytes(busid: string): Buffer {
  const request = Buffer.alloc(40);
  request.writeUInt32BE(0x01118003, 0);
  request.write(busid, 8);
  return request;
}

export const DEVLIST = Buffer.from('0111800500000000', 'hex');

export class UsbipClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** The transfers that wait for an answer, by number. The value is true for an IN transfer. */
  readonly waiting = new Map<number, boolean>();
  /** The unlinks that wait for an answer, by number. The value is the number of the transfer. */
  readonly unlinking = new Map<number, number>();
  /** The number of every transfer, in order. */
  readonly submitted: number[] = [];
  seqnum = 0;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #wake = () => {};
  #gone = false;

  constructor(address: string) {
    const [, host, port] = /^usbip:\/\/(.*):(\d+)$/.exec(address)!;
    this.socket = connect(Number(port), host!.replace(/[[\]]/g, ''));
    this.socket.setNoDelay(true);
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.#gone = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** Connects, imports a device and configures it, as a kernel does. */
  static async attached(address: string, busid = '1-1'): Promise<UsbipClient> {
    const client = new UsbipClient(address);
    const { status } = await client.import(busid);
    if (status !== 0) throw new Error(`import failed: ${status}`);
    await client.configure();
    return client;
  }

  /** The number of bytes that came and were not read. */
  get unread(): number {
    return this.#length;
  }

  /** Returns the next bytes. @throws Error if the connection ends before that. */
  async bytes(length: number): Promise<Buffer> {
    while (this.#length < length) {
      if (this.#gone) throw new Error(`the server closed the connection after ${this.#length} of ${length} bytes`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const all = Buffer.concat(this.#chunks.splice(0));
    this.#chunks.push(all.subarray(length));
    this.#length -= length;
    return all.subarray(0, length);
  }

  async import(busid: string): Promise<{ status: number; record?: Buffer }> {
    this.socket.write(importBytes(busid));
    const head = await this.bytes(8);
    if (head.readUInt32BE(0) !== 0x01110003) throw new Error(`no reply to an import: ${head.toString('hex')}`);
    const status = head.readUInt32BE(4);
    return status === 0 ? { status, record: await this.bytes(312) } : { status };
  }

  /** Sends a CMD_SUBMIT. Returns its number. */
  submit(submit: Submit): number {
    const seqnum = submit.seqnum ?? ++this.seqnum;
    this.expect(seqnum, submit.data === undefined);
    this.socket.write(submitBytes({ ...submit, seqnum }));
    return seqnum;
  }

  /** Adds a transfer that is not sent with `submit`, or that is sent later. */
  expect(seqnum: number, isIn: boolean): void {
    this.waiting.set(seqnum, isIn);
    this.submitted.push(seqnum);
  }

  unlink(victim: number): number {
    const seqnum = ++this.seqnum;
    this.unlinking.set(seqnum, victim);
    this.socket.write(unlinkBytes(seqnum, victim));
    return seqnum;
  }

  /** Returns the next answer. @throws Error if the answer was not expected. */
  async next(): Promise<Answer> {
    const raw = await this.bytes(48);
    const [command, seqnum, length] = [raw.readUInt32BE(0), raw.readUInt32BE(4), raw.readUInt32BE(24)];
    const status = raw.readInt32BE(20);
    const zeros = command === 3 ? raw.subarray(28) : raw.subarray(24);
    if (raw.subarray(8, 20).some(Boolean) || zeros.some(Boolean)) throw new Error(`not zero: ${raw.toString('hex')}`);
    if (command === 4) {
      const victim = this.unlinking.get(seqnum);
      if (!this.unlinking.delete(seqnum)) throw new Error(`no unlink with the number ${seqnum} was sent`);
      if (status === UNLINKED && !this.waiting.delete(victim!)) throw new Error(`${victim} was answered before`);
      return { command, seqnum, status, length: 0, data: Buffer.alloc(0), raw };
    }
    const isIn = this.waiting.get(seqnum);
    if (command !== 3 || !this.waiting.delete(seqnum))
      throw new Error(`no transfer waits for answer ${command} of ${seqnum}`);
    return { command, seqnum, status, length, data: await this.bytes(isIn ? length : 0), raw };
  }

  /** Sends a control transfer and returns its answer, which must be the next answer. With `data` it is OUT. */
  async control(setup: readonly number[], data?: Uint8Array, more: Partial<Submit> = {}): Promise<Answer> {
    const asks = (setup[0]! & 0x80) !== 0;
    const length = setup[6]! | (setup[7]! << 8);
    const seqnum = this.submit({ ep: 0, setup, length, ...(!asks && { data: data ?? Buffer.alloc(0) }), ...more });
    const answer = await this.next();
    if (answer.seqnum !== seqnum) throw new Error(`${answer.seqnum} was answered before ${seqnum}`);
    return answer;
  }

  async configure(value = 1): Promise<Answer> {
    return this.control([0x00, 9, value, 0, 0, 0, 0, 0]);
  }

  /** Checks that the server has done everything and has sent no unexpected answer. */
  async quiet(): Promise<void> {
    const { status } = await this.control([0x80, 0, 0, 0, 0, 0, 2, 0]);
    if (status !== 0) throw new Error(`GET_STATUS: ${status}`);
    if (this.#length > 0) throw new Error(`unexpected bytes: ${Buffer.concat(this.#chunks).toString('hex')}`);
  }

  /** Ends the connection, as a host process does that is killed. */
  async leave(): Promise<void> {
    this.socket.destroy();
    if (!this.#gone) await once(this.socket, 'close');
  }
}
