/** What is used of node-hid 3, so that a test can stand in for it and no type of it reaches a declaration. */
export interface NodeHid {
  /** Every HID device whose ids match; 0 matches all. */
  devicesAsync(vendorId: number, productId: number): Promise<readonly HidEntry[]>;
  /** The class of open devices; only its function that opens one is used. */
  readonly HIDAsync: {
    /** Opens a device by the path that `devicesAsync` gave. Rejects where the system refuses it. */
    open(path: string, options?: { nonExclusive?: boolean | undefined }): Promise<HidHandle>;
  };
}

/** One HID device in the list of node-hid. What the system does not tell is absent. */
export interface HidEntry {
  /** What `HIDAsync.open` takes; its form depends on the system. */
  readonly path?: string | undefined;
  /** The serial number of the device's USB descriptor. */
  readonly serialNumber?: string | undefined;
  /** The product name of the device's USB descriptor. */
  readonly product?: string | undefined;
  /** The usage page of the top-level collection, 0 to 65535. */
  readonly usagePage?: number | undefined;
  /** The usage within that page, 0 to 65535. */
  readonly usage?: number | undefined;
}

/** One HID device that node-hid has opened. */
export interface HidHandle {
  /** Called with each input report, without a report id where the device has none. */
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  /** Called when reading has failed. The payload of an error is a text. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** Writes one output report, whose first byte is the report id. Resolves with the number of bytes that were written. */
  write(report: number[] | Buffer): Promise<number>;
  /** Ends the reading and frees the device. */
  close(): Promise<void>;
}

/** Loads node-hid itself. Its native part is loaded by its first call. */
export async function loadNodeHid(): Promise<NodeHid> {
  const module = await import('node-hid');
  return module.default;
}
