import assert from 'node:assert/strict';
import type { Socket } from 'node:net';

/** The status of a transfer that was unlinked. */
const UNLINKED = -104;

/** A USB/IP host. It makes commands, and checks that each answer belongs to a command. */
export class UsbipHost {
  readonly socket: Socket;
  /** Called with each answer. */
  onAnswer: (kind: string, data: Buffer) => void;
  /** The transfers that wait for an answer, by number. */
  readonly #waiting = new Map<number, { kind: string; in: boolean }>();
  /** The unlinks that wait for an answer, by number. The value is the number of the transfer. */
  readonly #unlinking = new Map<number, number>();
  /** The number of the latest command. It is also the number of commands so far. */
  seqnum = 0;
  /** The error of a wrong answer, if there was one. */
  error: Error | undefined;
  readonly #device: number;
  #imported = false;
  #received: Buffer = Buffer.alloc(0);

  /** @param device The number of the device, from 0. */
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

  /** Makes a transfer: an OUT transfer if there is `data`, otherwise an IN transfer of `length` bytes. */
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

  /** Makes an unlink of a transfer. `victim` is the number of the transfer. */
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

  /** Reads one answer. Returns false if no whole answer is there. */
  #take(): boolean {
    if (!this.#imported) return this.#takeImport();
    const bytes = this.#received;
    if (bytes.length < 48) return false;
    const [command, seqnum, status, length] = [0, 4, 20, 24].map((at) => bytes.readInt32BE(at));
    if (command === 4) {
      const victim = this.#unlinking.get(seqnum ?? 0);
      assert.ok(this.#unlinking.delete(seqnum ?? 0), `an unlink with the number ${seqnum} waits`);
      if (status === UNLINKED)
        assert.ok(this.#waiting.delete(victim ?? 0), `transfer ${victim} was not answered before`);
      this.#received = bytes.subarray(48);
      this.onAnswer(`unlink ${status}`, Buffer.alloc(0));
      return true;
    }
    const transfer = this.#waiting.get(seqnum ?? 0);
    assert.ok(command === 3 && transfer, `a transfer with the number ${seqnum} waits`);
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
