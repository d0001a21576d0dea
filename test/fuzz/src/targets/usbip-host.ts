import assert from 'node:assert/strict';
import type { Socket } from 'node:net';

/** The status of a transfer that was taken back. */
const UNLINKED = -104;

/** What a host says, and what it may be answered. */
export class UsbipHost {
  readonly socket: Socket;
  /** Called with each answer. */
  onAnswer: (kind: string, data: Buffer) => void;
  /** Transfers that wait. */
  readonly #waiting = new Map<number, { kind: string; in: boolean }>();
  /** Unlinks that wait: the transfer of each. */
  readonly #unlinking = new Map<number, number>();
  /** The number of the last command, which is how many there were. */
  seqnum = 0;
  /** What was wrong with an answer. */
  error: Error | undefined;
  readonly #device: number;
  #imported = false;
  #received: Buffer = Buffer.alloc(0);

  /** @param device From 0. */
  constructor(socket: Socket, device: number, onAnswer: UsbipHost['onAnswer'] = () => {}) {
    this.socket = socket;
    this.onAnswer = onAnswer;
    this.#device = device;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      try {
        while (this.#take());
      } catch (error) {
        this.error = error as Error;
        socket.destroy();
      }
    });
  }

  importRequest(): Buffer {
    const request = Buffer.alloc(40);
    request.writeUInt32BE(0x01118003);
    request.write(`1-${this.#device + 1}`, 8);
    return request;
  }

  /** A transfer to an endpoint: OUT with `data`, IN of `length` bytes without. */
  submit(ep: number, length: number, data: Uint8Array | undefined, setup: ArrayLike<number> = []): Buffer {
    const seqnum = ++this.seqnum;
    this.#waiting.set(seqnum, { kind: `${data ? 'out' : 'in'} ${ep}`, in: !data });
    const header = this.#header(1, seqnum);
    header.writeUInt32BE(data ? 0 : 1, 12);
    header.writeUInt32BE(ep, 16);
    header.writeUInt32BE(data?.length ?? length, 24);
    header.set(setup, 40);
    return Buffer.concat([header, data ?? Buffer.alloc(0)]);
  }

  /** Takes a transfer back, by its number. */
  unlink(victim: number): Buffer {
    const seqnum = ++this.seqnum;
    this.#unlinking.set(seqnum, victim);
    const header = this.#header(2, seqnum);
    header.writeUInt32BE(victim, 20);
    return header;
  }

  #header(command: number, seqnum: number): Buffer {
    const header = Buffer.alloc(48);
    header.writeUInt32BE(command, 0);
    header.writeUInt32BE(seqnum, 4);
    header.writeUInt32BE(0x10002 + this.#device, 8);
    return header;
  }

  /** Takes one answer; false when there is none that is whole. */
  #take(): boolean {
    if (!this.#imported) return this.#takeImport();
    const bytes = this.#received;
    if (bytes.length < 48) return false;
    const [command, seqnum, status, length] = [0, 4, 20, 24].map((at) => bytes.readInt32BE(at));
    if (command === 4) {
      const victim = this.#unlinking.get(seqnum ?? 0);
      assert.ok(this.#unlinking.delete(seqnum ?? 0), `${seqnum} is an unlink that waits`);
      if (status === UNLINKED) assert.ok(this.#waiting.delete(victim ?? 0), `${victim} was not answered before`);
      this.#received = bytes.subarray(48);
      this.onAnswer(`unlink ${status}`, Buffer.alloc(0));
      return true;
    }
    const transfer = this.#waiting.get(seqnum ?? 0);
    assert.ok(command === 3 && transfer, `${seqnum} is a transfer that waits`);
    const end = 48 + (transfer.in ? (length ?? 0) : 0);
    if (bytes.length < end) return false;
    this.#waiting.delete(seqnum ?? 0);
    this.#received = bytes.subarray(end);
    this.onAnswer(`${transfer.kind} ${status}`, bytes.subarray(48, end));
    return true;
  }

  #takeImport(): boolean {
    if (this.#received.length < 8) return false;
    const status = this.#received.readUInt32BE(4);
    if (status === 0 && this.#received.length < 320) return false;
    this.#received = this.#received.subarray(status === 0 ? 320 : 8);
    this.#imported = status === 0;
    this.onAnswer(`import ${status}`, Buffer.alloc(0));
    return this.#imported;
  }
}
