/**
 * The used part of usb 3, in the form of WebUSB. With it, a test can replace usb, and no type of usb is in a
 * declaration file.
 */
export interface NodeUsb {
  /** The list of the USB devices of this machine. */
  readonly usb: UsbBus;
}

/** The list of USB devices. */
export interface UsbBus {
  /** Lists the devices that are attached now. Rejects if the system does not let a program list them. */
  getDevices(): Promise<readonly UsbDevice[]>;
}

/** One USB device, open or not. Each call rejects with the error of the library if the system refuses. */
export interface UsbDevice {
  /** The vendor id of the device descriptor, 0 to 65535. */
  readonly vendorId: number;
  /** The product id of the device descriptor, 0 to 65535. */
  readonly productId: number;
  /** The serial number from the device descriptor, if the system knows it. */
  readonly serialNumber?: string | null | undefined;
  /** The product name from the device descriptor, if the system knows it. */
  readonly productName?: string | null | undefined;
  /** The bus of the device. Together with `address`, it says where the device is attached. */
  readonly bus: string;
  /** The address of the device on the bus. */
  readonly address: number;
  /** All configurations of the device. */
  readonly configurations: readonly UsbConfiguration[];
  /**
   * The configuration in use. The getter asks the device for a string, and throws if the device stalls this request.
   */
  readonly configuration?: UsbConfiguration | null | undefined;
  /** Opens the device. All functions below need an open device. */
  open(): Promise<void>;
  /** Closes the device and frees its interfaces. */
  close(): Promise<void>;
  /** Selects a configuration by its `configurationValue`. */
  selectConfiguration(value: number): Promise<void>;
  /** Claims an interface by its `interfaceNumber`, so that no other program can use it. */
  claimInterface(number: number): Promise<void>;
  /** Releases an interface. */
  releaseInterface(number: number): Promise<void>;
  /** Sends a control request and the bytes that go with it. `timeout` in milliseconds. */
  controlTransferOut(setup: UsbSetup, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
  /** Clears the halt of an endpoint, and resets its data toggle. `endpoint` is without the direction bit. */
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
  /**
   * Reads from a bulk endpoint. `timeout` in milliseconds is not in WebUSB. Without it, an idle read rejects after a
   * second.
   */
  transferIn(endpoint: number, length: number, timeout: number): Promise<UsbInResult>;
  /** Writes bytes to a bulk endpoint. `timeout` in milliseconds. */
  transferOut(endpoint: number, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
}

/** The setup packet of a control request. Only SET_FEATURE on an endpoint is used. */
export interface UsbSetup {
  /** The type of the request: a standard request of the USB specification. */
  readonly requestType: 'standard';
  /** The recipient of the request. */
  readonly recipient: 'endpoint';
  /** The field bRequest, 0 to 255. */
  readonly request: number;
  /** The field wValue, 0 to 65535. */
  readonly value: number;
  /** The field wIndex, 0 to 65535: the address of the endpoint. */
  readonly index: number;
}

/** The result of a read. */
export interface UsbInResult {
  /** `ok`, `stall` or `babble`. */
  readonly status?: string | undefined;
  /** The bytes of the read. */
  readonly data?: DataView | undefined;
}

/** The result of a write. */
export interface UsbOutResult {
  /** `ok` or `stall`. */
  readonly status?: string | undefined;
  /** How many bytes the device has accepted. */
  readonly bytesWritten: number;
}

/** One configuration of a device. */
export interface UsbConfiguration {
  /** The argument of `selectConfiguration`, 1 to 255. */
  readonly configurationValue: number;
  /** The interfaces of the configuration. */
  readonly interfaces: readonly UsbInterface[];
}

/** One interface of a configuration. */
export interface UsbInterface {
  /** The argument of `claimInterface`, 0 to 255. */
  readonly interfaceNumber: number;
  /** The alternate setting in use. */
  readonly alternate: {
    /** The class code, 0 to 255. 255 is vendor-specific. */
    readonly interfaceClass: number;
    /** The endpoints, without endpoint 0. */
    readonly endpoints: readonly UsbEndpoint[];
  };
}

/** One endpoint of an interface. */
export interface UsbEndpoint {
  /** The number without the direction bit, 1 to 15. */
  readonly endpointNumber: number;
  /** `in` (from the device) or `out`. */
  readonly direction: string;
  /** `bulk`, `interrupt` or `isochronous`. */
  readonly type: string;
}

/** Loads the real usb, with its native part. */
export async function loadNodeUsb(): Promise<NodeUsb> {
  return (await import('usb')) as unknown as NodeUsb;
}
