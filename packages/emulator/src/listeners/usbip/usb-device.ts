import type { EmulatedDevice } from '../../contract/emulated-device.js';
import { ControlRequests } from './control.js';
import { deviceDescriptors, Endpoint, Interface, NOTIFICATION_PACKET } from './descriptors.js';
import { InEndpoint } from './in-endpoint.js';
import type { OutEndpoint } from './out-endpoint.js';
import { bulkPackets, cdcPackets, hidReports } from './packets.js';
import { ControlRequestType, readSetup } from './usb.js';
import { UsbFunction } from './usb-function.js';
import { type Command, URB_SHORT_NOT_OK, UrbStatus } from './wire.js';

const FUNCTION_NAMES = ['hid', 'bulk', 'cdc'] as const;

/** One of the three ways to the device: `hid`, `bulk` or `cdc`. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Transfers that carried frames, or could have: those that ended well, on the data endpoints of each function. */
export type Transfers = Readonly<Record<FunctionName, { readonly in: number; readonly out: number }>>;
/** The same, while it is counted. */
export type TransferCounts = Record<FunctionName, { in: number; out: number }>;

export function noTransfers(): TransferCounts {
  return { hid: { in: 0, out: 0 }, bulk: { in: 0, out: 0 }, cdc: { in: 0, out: 0 } };
}

/** Told how a transfer ended, once for each that was submitted and not unlinked, before or after `submit` returns. */
export type Complete = (
  seqnum: number,
  status: UrbStatus,
  length: number,
  /** What an IN transfer brings, `length` bytes in all. */
  data: readonly Uint8Array[],
) => void;

/**
 * The composite device of docs/protocol.md section 7 on the bus of one host, from being attached to being detached. It
 * knows of transfers, and nothing of how they come here.
 */
export class EmulatedUsbDevice {
  readonly #complete: Complete;
  readonly #control: ControlRequests;
  readonly #functions: Readonly<Record<FunctionName, UsbFunction>>;
  readonly #in: ReadonlyMap<number, InEndpoint>;
  readonly #out: ReadonlyMap<number, OutEndpoint>;

  /**
   * @param name Of the place where it is plugged in, for people: "usb 1-1".
   * @param counts Where each completed transfer is counted.
   */
  constructor(emulator: EmulatedDevice, name: string, counts: TransferCounts, complete: Complete) {
    this.#complete = complete;
    const functionOf = (kind: FunctionName, packer: typeof bulkPackets) =>
      new UsbFunction(
        emulator,
        `${name} ${kind}`,
        packer,
        ({ seqnum }, status, length, data) => {
          if (status === UrbStatus.OK) counts[kind].in++;
          complete(seqnum, status, length, data);
        },
        ({ seqnum }, status, length) => {
          if (status === UrbStatus.OK) counts[kind].out++;
          complete(seqnum, status, length, []);
        },
      );
    const functions = {
      hid: functionOf('hid', hidReports),
      bulk: functionOf('bulk', bulkPackets),
      cdc: functionOf('cdc', cdcPackets),
    };
    // Nothing is ever notified, and a host that asks waits: that is what an endpoint without news does.
    const notifications = new InEndpoint(NOTIFICATION_PACKET, ({ seqnum }, status, length, data) =>
      complete(seqnum, status, length, data),
    );
    this.#functions = functions;
    this.#in = new Map([
      [Endpoint.HID, functions.hid.in],
      [Endpoint.BULK, functions.bulk.in],
      [Endpoint.CDC_NOTIFICATION, notifications],
      [Endpoint.CDC_DATA, functions.cdc.in],
    ]);
    this.#out = new Map([
      [Endpoint.HID, functions.hid.out],
      [Endpoint.BULK, functions.bulk.out],
      [Endpoint.CDC_DATA, functions.cdc.out],
    ]);
    this.#control = new ControlRequests({
      descriptor: deviceDescriptors(emulator.snapshot.serialNumber),
      configure: (value) => this.#configure(value),
      endpoint: (address) => this.#endpoint(address),
      resetInterface: (number) => this.#clearHalts(number),
      report: (data) => this.#report(data),
      terminal: (ready) => (ready ? functions.cdc.open() : functions.cdc.close()),
    });
  }

  /** @param data What came with an OUT transfer; copied if it is kept. */
  submit(command: Command, data: Uint8Array): void {
    const { seqnum, endpoint, direction, length, flags } = command;
    const isIn = direction !== 0;
    const endpoints: ReadonlyMap<number, InEndpoint | OutEndpoint> = isIn ? this.#in : this.#out;
    if (endpoint === 0) this.#transferControl(command, data);
    // A device that is not configured has none but the control endpoint.
    else if (this.#control.configuration === 0 || !endpoints.has(endpoint)) {
      this.#complete(seqnum, UrbStatus.STALL, 0, []);
    } else if (isIn) this.#in.get(endpoint)!.submit({ seqnum, length, flags });
    else this.#out.get(endpoint)!.submit({ seqnum, data });
  }

  /** Cancels a transfer that is not complete. False if there is no transfer with that number. */
  unlink(seqnum: number): boolean {
    return [...this.#in.values(), ...this.#out.values()].some((endpoint) => endpoint.unlink(seqnum));
  }

  /** The device itself halts an endpoint: it stalls every transfer until the host clears that. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void {
    this.#functions[functionName][direction].halt();
  }

  /** The device takes nothing through a function until the function that is returned is called. */
  nak(functionName: FunctionName, onWaiting: () => void): () => void {
    return this.#functions[functionName].out.nak(onWaiting);
  }

  /** Off the bus: the sessions of its host are over. What waits for bytes from the device goes on waiting. */
  detach(): void {
    for (const functionName of FUNCTION_NAMES) this.#functions[functionName].close();
  }

  #transferControl(command: Command, data: Uint8Array): void {
    const { seqnum, direction, flags, length: room } = command;
    const setup = readSetup(command.setup);
    const asks = (setup.requestType & ControlRequestType.IN) !== 0;
    // Without a data stage the two directions mean the same. With one, the host's buffer must be the one it speaks of.
    const sound = setup.length === 0 || (asks ? direction === 1 : direction === 0 && data.length === setup.length);
    const answer = sound ? this.#control.answer(setup, data) : undefined;
    if (!answer) this.#complete(seqnum, UrbStatus.STALL, 0, []);
    else if (!asks) this.#complete(seqnum, UrbStatus.OK, data.length, []);
    else {
      const cut = answer.subarray(0, Math.min(setup.length, direction === 1 ? room : 0));
      const short = cut.length < room && (flags & URB_SHORT_NOT_OK) !== 0;
      this.#complete(seqnum, short ? UrbStatus.SHORT : UrbStatus.OK, cut.length, [cut]);
    }
  }

  /** A reset of the port looks the same from here: the device starts again without any state. */
  #configure(value: number): void {
    const { hid, bulk } = this.#functions;
    this.detach();
    for (const endpoint of [...this.#in.values(), ...this.#out.values()]) endpoint.clearHalt();
    if (value === 0) return;
    // A serial port says when it is opened. These two cannot see that, so they are open from now on.
    hid.open();
    bulk.open();
  }

  #endpoint(address: number): InEndpoint | OutEndpoint | undefined {
    const number = address & ~ControlRequestType.IN;
    return address === number ? this.#out.get(number) : this.#in.get(number);
  }

  /** Those of an interface. */
  #clearHalts(number: number): void {
    const { hid, bulk, cdc } = this.#functions;
    if (number === Interface.HID) hid.clearHalts();
    else if (number === Interface.BULK) bulk.clearHalts();
    else if (number === Interface.CDC_DATA) cdc.clearHalts();
    else this.#in.get(Endpoint.CDC_NOTIFICATION)!.clearHalt();
  }

  #report(data: Uint8Array): boolean {
    const { hid } = this.#functions;
    if (this.#control.configuration === 0 || hid.in.full) return false;
    hid.receive(data);
    return true;
  }
}
