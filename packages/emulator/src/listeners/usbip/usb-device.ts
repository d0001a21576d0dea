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

/** One of the three functions of the device: `hid`, `bulk` or `cdc`. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The number of successful transfers on the data endpoints of each function, with or without a frame. */
export type Transfers = Readonly<Record<FunctionName, { readonly in: number; readonly out: number }>>;
/** The counters behind `Transfers`. */
export type TransferCounts = Record<FunctionName, { in: number; out: number }>;

export function noTransfers(): TransferCounts {
  return { hid: { in: 0, out: 0 }, bulk: { in: 0, out: 0 }, cdc: { in: 0, out: 0 } };
}

/**
 * Reports how a transfer ended. Called once for each transfer that was submitted and not unlinked, before or after
 * `submit` returns.
 */
export type Complete = (
  seqnum: number,
  status: UrbStatus,
  length: number,
  /** The data of an IN transfer, `length` bytes in all. */
  data: readonly Uint8Array[],
) => void;

/**
 * The composite device of docs/protocol.md section 7 on the bus of one host, from attach to detach. It handles
 * transfers. It does not know how the transfers come from the host.
 */
export class EmulatedUsbDevice {
  readonly #complete: Complete;
  readonly #control: ControlRequests;
  readonly #functions: Readonly<Record<FunctionName, UsbFunction>>;
  readonly #in: ReadonlyMap<number, InEndpoint>;
  readonly #out: ReadonlyMap<number, OutEndpoint>;

  /** @param name The port of the device, for people: "usb 1-1". @param counts The counters of completed transfers. */
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
    // The device never sends a notification, so a host that reads this endpoint waits. An endpoint without data does
    // the same.
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

  /** @param data The data of an OUT transfer. It is copied if it must be kept. */
  submit(command: Command, data: Uint8Array): void {
    const { seqnum, endpoint, direction, length, flags } = command;
    const isIn = direction !== 0;
    const endpoints: ReadonlyMap<number, InEndpoint | OutEndpoint> = isIn ? this.#in : this.#out;
    if (endpoint === 0) this.#transferControl(command, data);
    // A device that is not configured has only the control endpoint.
    else if (this.#control.configuration === 0 || !endpoints.has(endpoint)) {
      this.#complete(seqnum, UrbStatus.STALL, 0, []);
    } else if (isIn) this.#in.get(endpoint)!.submit({ seqnum, length, flags });
    else this.#out.get(endpoint)!.submit({ seqnum, data });
  }

  /** Cancels a transfer that is not complete. False if there is no transfer with that number. */
  unlink(seqnum: number): boolean {
    return [...this.#in.values(), ...this.#out.values()].some((endpoint) => endpoint.unlink(seqnum));
  }

  /** Halts an endpoint from the device's side: every transfer stalls until the host clears the halt. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void {
    this.#functions[functionName][direction].halt();
  }

  /** Stops receiving through a function until the returned function is called. */
  nak(functionName: FunctionName, onWaiting: () => void): () => void {
    return this.#functions[functionName].out.nak(onWaiting);
  }

  /**
   * Takes the device off the bus and ends the sessions of its host. Transfers that wait for bytes from the device
   * continue to wait.
   */
  detach(): void {
    for (const functionName of FUNCTION_NAMES) this.#functions[functionName].close();
  }

  #transferControl(command: Command, data: Uint8Array): void {
    const { seqnum, direction, flags, length: room } = command;
    const setup = readSetup(command.setup);
    const asks = (setup.requestType & ControlRequestType.IN) !== 0;
    // Without a data stage, both directions mean the same. With a data stage, the direction and length of the host's
    // buffer must agree with the setup packet.
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

  /** Sets the configuration. A reset of the port looks the same here. The device starts again without any state. */
  #configure(value: number): void {
    const { hid, bulk } = this.#functions;
    this.detach();
    for (const endpoint of [...this.#in.values(), ...this.#out.values()]) endpoint.clearHalt();
    if (value === 0) return;
    // A serial port shows when it is opened. HID and bulk do not, so they are open from now on.
    hid.open();
    bulk.open();
  }

  #endpoint(address: number): InEndpoint | OutEndpoint | undefined {
    const number = address & ~ControlRequestType.IN;
    return address === number ? this.#out.get(number) : this.#in.get(number);
  }

  /** Clears the halts of the endpoints of an interface. */
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
