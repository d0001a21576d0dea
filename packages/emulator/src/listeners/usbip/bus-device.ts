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

/** A device that hosts can import: the place where it is plugged in, and the host that has it now. */
export class BusDevice {
  readonly emulator: EmulatedDevice;
  /** What a host asks for: "1-1". */
  readonly busid: string;
  readonly #devnum: number;
  readonly #counts = noTransfers();
  #host: ImportedDevice | undefined;

  /** @param port From 1. */
  constructor(emulator: EmulatedDevice, port: number) {
    this.emulator = emulator;
    this.busid = `${BUSNUM}-${port}`;
    // Number 1 is that of the hub.
    this.#devnum = port + 1;
    bindMethods(this);
  }

  /** A host has imported it. */
  get imported(): boolean {
    return this.#host !== undefined;
  }

  /**
   * How many transfers each function has completed since the device was exported: one `out` for what a host wrote, one
   * `in` for what it read. Control transfers and those that stalled or were unlinked are not counted. A snapshot.
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

  /** Gives the device to a host until its connection ends. No other host may have the device. */
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

  /** Stalls one direction of a function until the host clears that. Without a host nothing happens. */
  halt(functionName: FunctionName, direction: 'in' | 'out'): void {
    checkOptions('halt()', { functionName, direction }, { functionName: aFunctionName, direction: aDirection });
    this.#host?.halt(functionName, direction);
  }

  /** The device answers NAK to what the host writes through a function, until the function that is returned is called. */
  nak(functionName: FunctionName, onWaiting: () => void = () => {}): () => void {
    checkOptions('nak()', { functionName, onWaiting }, { functionName: aFunctionName, onWaiting: aFunction });
    const tell = () => callBack(onWaiting, (error) => this.emulator.report(error, 'onWaiting of nak()'));
    return this.#host?.nak(functionName, tell) ?? (() => {});
  }

  /** Pulls it off its host, which sees the connection end. */
  detach(): void {
    this.#host?.close();
    this.#host = undefined;
  }
}
