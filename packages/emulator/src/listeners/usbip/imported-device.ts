import type { Socket } from 'node:net';
import { ByteQueue } from './byte-queue.js';
import { MAX_TRANSFER } from './out-endpoint.js';
import type { Complete, EmulatedUsbDevice, FunctionName } from './usb-device.js';
import {
  CMD_SUBMIT,
  CMD_UNLINK,
  type Command,
  readCommand,
  retSubmit,
  retUnlink,
  UrbStatus,
  USBIP_HEADER_LENGTH,
} from './wire.js';

/**
 * The maximum number of unlinks that came before their transfers. A host sends at most one for each of its processors.
 */
const MAX_PARKED = 64;
const OUT = 0;
const IN = 1;

const NOTHING = new Uint8Array(0);

/**
 * Executes the commands of one host that has imported the device, and sends the answers. Each CMD_SUBMIT is answered
 * once. If a CMD_UNLINK cancels it, only the CMD_UNLINK is answered, with UNLINKED. Linux drops the device if it
 * receives an answer for which it does not wait.
 */
export class ImportedDevice {
  readonly #device: EmulatedUsbDevice;
  readonly #socket: Socket;
  readonly #devid: number;
  readonly #received = new ByteQueue();
  /** The transfers that the device has accepted but not completed. */
  readonly #pending = new Set<number>();
  /** The unlinks that came before their transfers, by the number of the transfer. The oldest is the first. */
  readonly #parked = new Map<number, number>();
  /** The number of the latest CMD_SUBMIT. The numbers ascend. */
  #latest: number | undefined;
  #closed = false;

  /**
   * @param attach Attaches the device to the bus of this host. It receives the function to call for each completed
   * transfer.
   * @param devid The device id that every command must have.
   */
  constructor(socket: Socket, devid: number, attach: (complete: Complete) => EmulatedUsbDevice) {
    this.#socket = socket;
    this.#devid = devid;
    this.#device = attach((...done) => this.#complete(...done));
  }

  /** Receives the next bytes of the stream, in chunks of any size. */
  receive(chunk: Uint8Array): void {
    this.#received.push(chunk);
    this.work();
  }

  /**
   * Executes the complete commands while answers can be sent. If a host does not read, its commands are not read. Call
   * it again when answers can be sent again.
   */
  work(): void {
    while (!this.#closed && !this.#socket.writableNeedDrain) {
      const header = this.#received.peek(USBIP_HEADER_LENGTH);
      if (!header) break;
      const command = readCommand(header);
      if (!this.#isSound(command)) {
        this.close();
        return;
      }
      const length = command.command === CMD_SUBMIT && command.direction === OUT ? command.length : 0;
      const whole = this.#received.peek(USBIP_HEADER_LENGTH + length);
      if (!whole) break;
      this.#received.skip(USBIP_HEADER_LENGTH + length);
      if (command.command === CMD_SUBMIT) this.#submit(command, whole.subarray(USBIP_HEADER_LENGTH));
      else this.#unlink(command);
    }
    if (this.#socket.writableNeedDrain) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  halt(functionName: FunctionName, direction: 'in' | 'out'): void {
    this.#device.halt(functionName, direction);
  }

  nak(functionName: FunctionName, onWaiting: () => void): () => void {
    return this.#device.nak(functionName, onWaiting);
  }

  /** Ends the connection, because the device or its host has left. Sends nothing more. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#device.detach();
    this.#received.clear();
    this.#pending.clear();
    this.#parked.clear();
    this.#socket.destroy();
  }

  #complete(seqnum: number, status: UrbStatus, length: number, data: readonly Uint8Array[]): void {
    this.#pending.delete(seqnum);
    if (!this.#closed) this.#socket.write(retSubmit(seqnum, status, length, data));
  }

  /**
   * Returns false for a command that no host sends. After such a command, the start of the next command cannot be
   * found.
   */
  #isSound({ command, seqnum, devid, direction, length }: Command): boolean {
    if (devid !== this.#devid) return false;
    if (command === CMD_UNLINK) return true;
    if (command !== CMD_SUBMIT || this.#pending.has(seqnum)) return false;
    return direction === IN ? length <= 0x7fffffff : direction === OUT && length <= MAX_TRANSFER;
  }

  #submit(command: Command, data: Uint8Array): void {
    const { seqnum } = command;
    if (this.#latest === undefined || isLater(seqnum, this.#latest)) this.#latest = seqnum;
    const unlink = this.#parked.get(seqnum);
    if (unlink !== undefined) {
      this.#parked.delete(seqnum);
      this.#socket.write(retUnlink(unlink, UrbStatus.UNLINKED));
      return;
    }
    this.#pending.add(seqnum);
    this.#device.submit(command, command.direction === OUT ? data : NOTHING);
  }

  #unlink({ seqnum, victim }: Command): void {
    if (this.#pending.delete(victim)) {
      this.#device.unlink(victim);
      this.#socket.write(retUnlink(seqnum, UrbStatus.UNLINKED));
    } else if (this.#latest !== undefined && !isLater(victim, this.#latest)) {
      // The transfer was already answered.
      this.#socket.write(retUnlink(seqnum, UrbStatus.OK));
    } else this.#park(seqnum, victim);
  }

  /**
   * Stores an unlink that came before its transfer. Linux sends submits and unlinks from two lists, so this can happen.
   */
  #park(seqnum: number, victim: number): void {
    const earlier = this.#parked.get(victim);
    if (earlier !== undefined) this.#socket.write(retUnlink(earlier, UrbStatus.OK));
    this.#parked.set(victim, seqnum);
    if (this.#parked.size <= MAX_PARKED) return;
    const [oldest, unlink] = this.#parked.entries().next().value!;
    this.#parked.delete(oldest);
    this.#socket.write(retUnlink(unlink, UrbStatus.OK));
  }
}

/** Compares 32-bit numbers that start again at 0 after the highest number. */
function isLater(seqnum: number, than: number): boolean {
  return ((seqnum - than) | 0) > 0;
}
