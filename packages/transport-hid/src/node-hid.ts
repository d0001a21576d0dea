/**
 * The used part of node-hid 3. With it, a test can replace node-hid, and no type of node-hid is in a declaration file.
 */
export interface NodeHid {
  /** Lists every HID device whose ids match. 0 matches all ids. */
  devicesAsync(vendorId: number, productId: number): Promise<readonly HidEntry[]>;
  /** The class of open devices. Only its function `open` is used. */
  readonly HIDAsync: {
    /** Opens a device by its path from `devicesAsync`. Rejects if the system refuses. */
    open(path: string, options?: { nonExclusive?: boolean | undefined }): Promise<HidHandle>;
  };
}

/** One HID device in the list of node-hid. A value that the system does not report is absent. */
export interface HidEntry {
  /** The argument of `HIDAsync.open`. Its form depends on the system. */
  readonly path?: string | undefined;
  /** The serial number from the USB descriptor of the device. */
  readonly serialNumber?: string | undefined;
  /** The product name from the USB descriptor of the device. */
  readonly product?: string | undefined;
  /** The usage page of the top-level collection, 0 to 65535. */
  readonly usagePage?: number | undefined;
  /** The usage within that page, 0 to 65535. */
  readonly usage?: number | undefined;
}

/** One HID device that node-hid has opened. */
export interface HidHandle {
  /** Calls `listener` with each input report. It has no report id if the device has none. */
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  /** Calls `listener` when a read has failed. The error is a string. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /**
   * Writes one output report, whose first byte is the report id. Resolves with the number of bytes that were written.
   */
  write(report: number[] | Buffer): Promise<number>;
  /** Stops the reads and frees the device. */
  close(): Promise<void>;
}

/** Loads the real node-hid. Its first call loads its native part. */
export async function loadNodeHid(): Promise<NodeHid> {
  const module = await import('node-hid');
  return module.default;
}
