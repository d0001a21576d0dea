import type { Socket } from 'node:net';
import { aFunction, bindMethods, callBack, checkOptions, type OptionRule } from '@bluetap/transport/kit';
import type { EmulatedDevice } from '../../contract/emulated-device.js';
import { CONFIGURATION_VALUE, DEVICE_DESCRIPTOR, INTERFACE_CLASSES } from './descriptors.js';
import { ImportedDevice } from './imported-device.js';
import { EmulatedUsbDevice, type FunctionName, noTransfers, type Transfers } from './usb-device.js';
import type { DeviceRecord } from './wire.js';

const BUSNUM = 1;

const aFunctionName = oneOf('hid', 'bulk', 'cdc');
const aDirection = oneOf('in', 'out');

function oneOf(...values: readonly string[]): OptionRule {
  return { must: `be one of ${values.join(', ')}`, holds: (value) => values.includes(value as string) };
}

/** A device that hosts can import. It has a port of the bus, and at most one host at a time. */
export class BusDevice {
  readonly emulator: EmulatedDevice;
  /** The id with which a host imports the device: "1-1". */
  readonly busid: string;
  readonly #devnum: number;
  readonly #counts = noTransfers();
  #host: ImportedDevice | undefined;

  /** @param port The number of the port, 1 or more. */
  constructor(emulator: EmulatedDevice, port: number) {
    this.emulator = emulator;
    this.busid = `${BUSNUM}-${port}`;
    // The hub has number 1.
    this.#devnum = port + 1;
    bindMethods(this);
  }

  /** True while a host has imported the device. */
  get imported(): boolean {
    return this.#host !== undefined;
  }

  /**
   * The number of transfers that each function has completed since the export. `out` counts writes of a host, `in`
   * counts reads of a host. Control transfers and transfers that stalled or were unlinked are not counted. The value is
   * a snapshot.
   */
  get transfers(): Transfers {
    return structuredClone(this.#counts);
  }

  get record(): DeviceRecord {
    return {
      busid: this.busid,
      busnum: BUSNUM,
      devnum: this.#devnum,
      descriptor: DEVICE_DESCRIPTOR,
      configurationValue: CONFIGURATION_VALUE,
      interfaces: INTERFACE_CLASSES,
    };
  }

  /** Reserves the device for a host until its connection ends. No other host can import the device during this time. */
  import(socket: Socket): ImportedDevice {
    const devid = (BUSNUM << 16) | this.#devnum;
    const host = new ImportedDevice(
      socket,
      devid,
      (complete) => new EmulatedUsbDevice(this.emulator, `usb ${this.busid}`, this.#counts, complete),
    );
    this.#host = host;
    socket.once('close', () => {
      host.close();
      if (this.#host === host) this.#host = undefined;
    });
    return host;
  }

  /** Stalls one direction of a function until the host clears the halt. Does nothing without a host. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void {
    checkOptions('halt()', { functionName, direction }, { functionName: aFunctionName, direction: aDirection });
    this.#host?.halt(functionName, direction);
  }

  /** The device answers NAK to each write of the host through a function, until the returned function is called. */
  nak(functionName: FunctionName, onWaiting: () => void = () => {}): () => void {
    checkOptions('nak()', { functionName, onWaiting }, { functionName: aFunctionName, onWaiting: aFunction });
    const tell = () => callBack(onWaiting, (error) => this.emulator.report(error, 'onWaiting of nak()'));
    return this.#host?.nak(functionName, tell) ?? (() => {});
  }

  /** Detaches the device from its host. The host sees that the connection ends. */
  detach(): void {
    this.#host?.close();
    this.#host = undefined;
  }
}
