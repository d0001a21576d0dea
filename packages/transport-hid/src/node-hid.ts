/** What is used of node-hid 3, so that a test can stand in for it and no type of it reaches a declaration. */
export interface NodeHid {
  /** Every HID device whose ids match; 0 matches all. */
  devicesAsync(vendorId: number, productId: number): Promise<readonly HidEntry[]>;
  readonly HIDAsync: { open(path: string, options?: { nonExclusive?: boolean }): Promise<HidHandle> };
}

export interface HidEntry {
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly product?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  /** The payload of an error is a text. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** The first byte is the report id. */
  write(report: number[] | Buffer): Promise<number>;
  close(): Promise<void>;
}

/** Loads node-hid itself. Its native part is loaded by its first call. */
export async function loadNodeHid(): Promise<NodeHid> {
  const module = await import('node-hid');
  return module.default;
}
