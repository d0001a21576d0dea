/** What is used of usb 3 (WebUSB's shape), so that a test can stand in for it and no type of it reaches a declaration. */
export interface NodeUsb {
  readonly usb: UsbBus;
}

export interface UsbBus {
  getDevices(): Promise<readonly UsbDevice[]>;
}

export interface UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string | null | undefined;
  readonly productName?: string | null | undefined;
  /** With `address`, where it is attached. */
  readonly bus: string;
  readonly address: number;
  readonly configurations: readonly UsbConfiguration[];
  /** Asks the device for a text, and throws when it stalls that. */
  readonly configuration?: UsbConfiguration | null | undefined;
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  claimInterface(number: number): Promise<void>;
  releaseInterface(number: number): Promise<void>;
  controlTransferOut(setup: UsbSetup, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
  /** `timeout` in milliseconds is this library's own; without it an idle read rejects after a second. */
  transferIn(endpoint: number, length: number, timeout: number): Promise<UsbInResult>;
  transferOut(endpoint: number, data: Uint8Array, timeout: number): Promise<UsbOutResult>;
}

export interface UsbSetup {
  readonly requestType: 'standard';
  readonly recipient: 'endpoint';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

export interface UsbInResult {
  readonly status?: string | undefined;
  readonly data?: DataView | undefined;
}

export interface UsbOutResult {
  readonly status?: string | undefined;
  readonly bytesWritten: number;
}

export interface UsbConfiguration {
  readonly configurationValue: number;
  readonly interfaces: readonly UsbInterface[];
}

export interface UsbInterface {
  readonly interfaceNumber: number;
  readonly alternate: {
    readonly interfaceClass: number;
    readonly endpoints: readonly UsbEndpoint[];
  };
}

export interface UsbEndpoint {
  readonly endpointNumber: number;
  readonly direction: string;
  readonly type: string;
}

/** Loads usb itself, its native part included. */
export async function loadNodeUsb(): Promise<NodeUsb> {
  return (await import('usb')) as unknown as NodeUsb;
}
