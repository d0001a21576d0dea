/** What is used of usb 3 (WebUSB's shape), so that a test can stand in for it and no type of it reaches a declaration. */
export interface NodeUsb {
  /** The devices of this machine. */
  readonly usb: UsbBus;
}

/** The list of USB devices. */
export interface UsbBus {
  /** The devices that are attached now. Rejects where the system does not let a program list them. */
  getDevices(): Promise<readonly UsbDevice[]>;
}

/** One USB device, open or not. Each call rejects with the library's error when the system refuses it. */
export interface UsbDevice {
  /** The vendor id of the device descriptor, 0 to 65535. */
  readonly vendorId: number;
  /** The product id of the device descriptor, 0 to 65535. */
  readonly productId: number;
  /** The serial number of the device's descriptor, where the system knows it. */
  readonly serialNumber?: string | null | undefined;
  /** The product name of the device's descriptor, where the system knows it. */
  readonly productName?: string | null | undefined;
  /** With `address`, where it is attached. */
  readonly bus: string;
  /** The address on that bus. */
  readonly address: number;
  /** All configurations that the device offers. */
  readonly configurations: readonly UsbConfiguration[];
  /** Asks the device for a text, and throws when it stalls that. */
  readonly configuration?: UsbConfiguration | null | undefined;
  /** Opens the device. Needed before all that follows. */
  open(): Promise<void>;
  /** Closes the device and frees its interfaces. */
  close(): Promise<void>;
  /** Selects a configuration by its `configurationValue`. */
  selectConfiguration(value: number): Promise<void>;
  /** Takes an interface by its `interfaceNumber`, so that no other program can use it. */
  claimInterface(number: number): Promise<void>;
  /** Gives an interface back. */
  releaseInterface(number: number): Promise<void>;
  /** Sends a control request and the bytes that go with it. `timeout` in milliseconds. */
  controlTransferOut(setup: UsbSetup, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
  /** Ends the halt of an endpoint, and sets its data toggle back. `endpoint` without the direction bit. */
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
  /** `timeout` in milliseconds is this library's own; without it an idle read rejects after a second. */
  transferIn(endpoint: number, length: number, timeout: number): Promise<UsbInResult>;
  /** Writes bytes to a bulk endpoint. `timeout` in milliseconds. */
  transferOut(endpoint: number, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
}

/** The setup packet of a control request. The only one that is used is CLEAR_FEATURE on an endpoint. */
export interface UsbSetup {
  /** Whose request it is: one of the USB specification's own. */
  readonly requestType: 'standard';
  /** What the request is about. */
  readonly recipient: 'endpoint';
  /** The field bRequest, 0 to 255. */
  readonly request: number;
  /** The field wValue, 0 to 65535. */
  readonly value: number;
  /** The field wIndex, 0 to 65535: the address of the endpoint. */
  readonly index: number;
}

/** What a read came to. */
export interface UsbInResult {
  /** `ok`, `stall` or `babble`. */
  readonly status?: string | undefined;
  /** The bytes that came. */
  readonly data?: DataView | undefined;
}

/** What a write came to. */
export interface UsbOutResult {
  /** `ok` or `stall`. */
  readonly status?: string | undefined;
  /** How many bytes the device has taken. */
  readonly bytesWritten: number;
}

/** One configuration of a device. */
export interface UsbConfiguration {
  /** The number that `selectConfiguration` takes, 1 to 255. */
  readonly configurationValue: number;
  /** Its interfaces. */
  readonly interfaces: readonly UsbInterface[];
}

/** One interface of a configuration. */
export interface UsbInterface {
  /** The number that `claimInterface` takes, 0 to 255. */
  readonly interfaceNumber: number;
  /** The setting of the interface that is in use. */
  readonly alternate: {
    /** The class code, 0 to 255; 255 is vendor-specific. */
    readonly interfaceClass: number;
    /** Its endpoints, endpoint 0 left out. */
    readonly endpoints: readonly UsbEndpoint[];
  };
}

/** One endpoint of an interface. */
export interface UsbEndpoint {
  /** Its number without the direction bit, 1 to 15. */
  readonly endpointNumber: number;
  /** `in` (from the device) or `out`. */
  readonly direction: string;
  /** `bulk`, `interrupt` or `isochronous`. */
  readonly type: string;
}

/** Loads usb itself, its native part included. */
export async function loadNodeUsb(): Promise<NodeUsb> {
  return (await import('usb')) as unknown as NodeUsb;
}
