import {
  CONFIGURATION_VALUE,
  HID_DESCRIPTOR,
  INTERFACE_CLASSES,
  Interface,
  MAX_PACKET,
  REPORT_DESCRIPTOR,
} from './descriptors.js';
import { MS_OS_20_DESCRIPTOR_INDEX, MS_OS_20_SET, MS_VENDOR_CODE } from './ms-os-20.js';
import {
  CdcRequest,
  ControlRequest,
  ControlRequestType,
  DescriptorType,
  DTR,
  ENDPOINT_HALT,
  HidReportType,
  HidRequest,
  type Setup,
} from './usb.js';

/** An endpoint, as control requests see it. */
export interface Halting {
  readonly halted: boolean;
  halt(): void;
  clearHalt(): void;
}

/** The rest of the device, as control requests see it. */
export interface ControlTarget {
  /** Returns the whole descriptor that a GET_DESCRIPTOR of the device names. */
  descriptor(type: number, index: number): Uint8Array | undefined;
  configure(value: number): void;
  /** Returns the endpoint with an address, except the control endpoint; undefined if there is no such endpoint. */
  endpoint(address: number): Halting | undefined;
  /** Called if the host selected an alternate setting. The setting is always 0. */
  resetInterface(number: number): void;
  /** Receives an output report through the control endpoint. Returns false if the device is busy. */
  report(data: Uint8Array): boolean;
  /** Called if the host sets or clears DTR of the serial port. */
  terminal(ready: boolean): void;
}

const DONE = new Uint8Array(0);
const LINE_CODING_LENGTH = 7;

/**
 * Answers the requests of the control endpoint: standard requests, and requests of HID, CDC-ACM and MS OS 2.0. An
 * unknown request stalls.
 */
export class ControlRequests {
  readonly #target: ControlTarget;
  #configuration = 0;
  #idle = 0;
  /** 115200 baud, 1 stop bit, no parity, 8 data bits. The device ignores this setting. */
  #lineCoding: Uint8Array = Uint8Array.of(0x00, 0xc2, 0x01, 0x00, 0, 0, 8);

  constructor(target: ControlTarget) {
    this.#target = target;
  }

  get configuration(): number {
    return this.#configuration;
  }

  /**
   * @param data The data of the request, `setup.length` bytes; empty if the host only reads.
   * @returns The whole answer, before it is cut to the host's length; empty if the request has no answer; undefined if
   * the request stalls.
   */
  answer(setup: Setup, data: Uint8Array): Uint8Array | undefined {
    if (this.#configuration === 0 && needsConfiguration(setup)) return undefined;
    switch (setup.requestType) {
      case ControlRequestType.TO_DEVICE:
        return this.#toDevice(setup);
      case ControlRequestType.FROM_DEVICE:
        return this.#fromDevice(setup);
      case ControlRequestType.TO_INTERFACE:
      case ControlRequestType.FROM_INTERFACE:
        return setup.index < INTERFACE_CLASSES.length ? this.#interface(setup) : undefined;
      case ControlRequestType.TO_ENDPOINT:
      case ControlRequestType.FROM_ENDPOINT:
        return this.#endpoint(setup);
      case ControlRequestType.CLASS_TO_INTERFACE:
      case ControlRequestType.CLASS_FROM_INTERFACE:
        if (setup.index === Interface.HID) return this.#hid(setup, data);
        return setup.index === Interface.CDC_CONTROL ? this.#cdc(setup, data) : undefined;
      case ControlRequestType.VENDOR_FROM_DEVICE:
        return setup.request === MS_VENDOR_CODE && setup.index === MS_OS_20_DESCRIPTOR_INDEX ? MS_OS_20_SET : undefined;
      default:
        return undefined;
    }
  }

  #toDevice({ request, value }: Setup): Uint8Array | undefined {
    if (request !== ControlRequest.SET_CONFIGURATION || (value !== 0 && value !== CONFIGURATION_VALUE))
      return undefined;
    this.#configuration = value;
    this.#target.configure(value);
    return DONE;
  }

  #fromDevice({ request, value }: Setup): Uint8Array | undefined {
    switch (request) {
      case ControlRequest.GET_DESCRIPTOR:
        return this.#target.descriptor(value >>> 8, value & 0xff);
      case ControlRequest.GET_CONFIGURATION:
        return Uint8Array.of(this.#configuration);
      case ControlRequest.GET_STATUS:
        // The bus supplies the power; no remote wake-up.
        return Uint8Array.of(0, 0);
      default:
        return undefined;
    }
  }

  #interface({ requestType, request, value, index }: Setup): Uint8Array | undefined {
    if (requestType === ControlRequestType.TO_INTERFACE) {
      if (request !== ControlRequest.SET_INTERFACE || value !== 0) return undefined;
      this.#target.resetInterface(index);
      return DONE;
    }
    switch (request) {
      case ControlRequest.GET_STATUS:
        return Uint8Array.of(0, 0);
      case ControlRequest.GET_INTERFACE:
        return Uint8Array.of(0);
      case ControlRequest.GET_DESCRIPTOR:
        if (index !== Interface.HID) return undefined;
        if (value === DescriptorType.HID << 8) return HID_DESCRIPTOR;
        return value === DescriptorType.HID_REPORT << 8 ? REPORT_DESCRIPTOR : undefined;
      default:
        return undefined;
    }
  }

  #endpoint({ requestType, request, value, index }: Setup): Uint8Array | undefined {
    const control = (index & ~ControlRequestType.IN) === 0;
    const endpoint = this.#target.endpoint(index);
    if (!control && !endpoint) return undefined;
    if (requestType === ControlRequestType.FROM_ENDPOINT) {
      return request === ControlRequest.GET_STATUS ? Uint8Array.of(endpoint?.halted ? 1 : 0, 0) : undefined;
    }
    if (value !== ENDPOINT_HALT) return undefined;
    if (request === ControlRequest.CLEAR_FEATURE) {
      endpoint?.clearHalt();
      return DONE;
    }
    // The control endpoint cannot be halted, because then no request could clear the halt.
    if (request !== ControlRequest.SET_FEATURE || !endpoint) return undefined;
    endpoint.halt();
    return DONE;
  }

  #hid({ requestType, request, value, length }: Setup, data: Uint8Array): Uint8Array | undefined {
    const type = value >>> 8;
    const unnumbered = (value & 0xff) === 0;
    if (requestType === ControlRequestType.CLASS_FROM_INTERFACE) {
      if (request === HidRequest.GET_IDLE) return Uint8Array.of(this.#idle);
      // The report contains only padding. Frames leave only through the interrupt endpoint, or one frame could overtake
      // another.
      const report = request === HidRequest.GET_REPORT && type === HidReportType.INPUT && unnumbered;
      return report ? new Uint8Array(MAX_PACKET) : undefined;
    }
    if (request === HidRequest.SET_IDLE) {
      this.#idle = type;
      return DONE;
    }
    if (request !== HidRequest.SET_REPORT || type !== HidReportType.OUTPUT || !unnumbered) return undefined;
    return length <= MAX_PACKET && this.#target.report(data) ? DONE : undefined;
  }

  #cdc({ requestType, request, value }: Setup, data: Uint8Array): Uint8Array | undefined {
    if (requestType === ControlRequestType.CLASS_FROM_INTERFACE) {
      return request === CdcRequest.GET_LINE_CODING ? this.#lineCoding : undefined;
    }
    switch (request) {
      case CdcRequest.SET_LINE_CODING:
        if (data.length !== LINE_CODING_LENGTH) return undefined;
        this.#lineCoding = data.slice();
        return DONE;
      case CdcRequest.SET_CONTROL_LINE_STATE:
        this.#target.terminal((value & DTR) !== 0);
        return DONE;
      case CdcRequest.SEND_BREAK:
        return DONE;
      default:
        return undefined;
    }
  }
}

/**
 * True if the request needs a configured device. USB 2.0 section 9.4: before the configuration, a device has no
 * interface and no endpoint except 0. A host can already read the descriptors.
 */
function needsConfiguration({ requestType, request, index }: Setup): boolean {
  switch (requestType) {
    case ControlRequestType.TO_INTERFACE:
    case ControlRequestType.FROM_INTERFACE:
      return request !== ControlRequest.GET_DESCRIPTOR;
    case ControlRequestType.TO_ENDPOINT:
    case ControlRequestType.FROM_ENDPOINT:
      return (index & ~ControlRequestType.IN) !== 0;
    default:
      return (
        requestType === ControlRequestType.CLASS_TO_INTERFACE || requestType === ControlRequestType.CLASS_FROM_INTERFACE
      );
  }
}
