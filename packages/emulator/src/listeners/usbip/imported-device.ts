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

/** Unlinks that are ahead of what they unlink. There are as many as a host has processors, at most. */
const MAX_PARKED = 64;
const OUT = 0;
const IN = 1;

const NOTHING = new Uint8Array(0);

/**
 * The commands of one host that has imported the device, and their answers. Each CMD_SUBMIT is answered once, or else the
 * CMD_UNLINK that takes it back is answered with UNLINKED: for an answer that it does not wait for, Linux drops the device.
 */
export class ImportedDevice {
  readonly #device: EmulatedUsbDevice;
  readonly #socket: Socket;
  readonly #devid: number;
  readonly #received = new ByteQueue();
  /** What the device has taken over and not yet done. */
  readonly #pending = new Set<number>();
  /** By the transfer that has not come yet: the unlink that waits for it. The oldest is the first. */
  readonly #parked = new Map<number, number>();
  /** The latest CMD_SUBMIT; their numbers ascend. */
  #latest: number | undefined;
  #closed = false;

  /**
   * @param attach Puts the device on the bus of this host; what it completes goes to the function given.
   * @param devid What every command must be addressed to.
   */
  constructor(socket: Socket, devid: number, attach: (complete: Complete) => EmulatedUsbDevice) {
    this.#socket = socket;
    this.#devid = devid;
    this.#device = attach((...done) => this.#complete(...done));
  }

  /** Takes the next bytes of the stream, cut in any way. */
  receive(chunk: Uint8Array): void {
    this.#received.push(chunk);
    this.work();
  }

  /**
   * Executes the commands that are complete, while answers can be sent: if a host does not read, nothing is read from it.
   * To be called again when they can.
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

  /** The device has gone or its host has: nothing is said any more. Idempotent. */
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

  /** False for what no host sends. There is no way to find the next command behind such a one. */
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
      // It has been answered before.
      this.#socket.write(retUnlink(seqnum, UrbStatus.OK));
    } else this.#park(seqnum, victim);
  }

  /** Linux sends submits and unlinks from two lists, so that an unlink can be ahead of its transfer. */
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

/** In numbers of 32 bits that begin again at 0 after the last. */
function isLater(seqnum: number, than: number): boolean {
  return ((seqnum - than) | 0) > 0;
}
