/** Numbers of the USB 2.0 specification, chapter 9, and of the class specifications: HID 1.11 and CDC PSTN 1.2. */

export const DescriptorType = {
  DEVICE: 0x01,
  CONFIGURATION: 0x02,
  STRING: 0x03,
  INTERFACE: 0x04,
  ENDPOINT: 0x05,
  INTERFACE_ASSOCIATION: 0x0b,
  BOS: 0x0f,
  DEVICE_CAPABILITY: 0x10,
  HID: 0x21,
  HID_REPORT: 0x22,
  CS_INTERFACE: 0x24,
} as const;

/** bmRequestType: direction, type and recipient in one byte. */
export const ControlRequestType = {
  IN: 0x80,
  TO_DEVICE: 0x00,
  TO_INTERFACE: 0x01,
  TO_ENDPOINT: 0x02,
  FROM_DEVICE: 0x80,
  FROM_INTERFACE: 0x81,
  FROM_ENDPOINT: 0x82,
  CLASS_TO_INTERFACE: 0x21,
  CLASS_FROM_INTERFACE: 0xa1,
  VENDOR_FROM_DEVICE: 0xc0,
} as const;

export const ControlRequest = {
  GET_STATUS: 0x00,
  CLEAR_FEATURE: 0x01,
  SET_FEATURE: 0x03,
  GET_DESCRIPTOR: 0x06,
  GET_CONFIGURATION: 0x08,
  SET_CONFIGURATION: 0x09,
  GET_INTERFACE: 0x0a,
  SET_INTERFACE: 0x0b,
} as const;

/** The one feature of an endpoint. */
export const ENDPOINT_HALT = 0;

export const HidRequest = { GET_REPORT: 0x01, GET_IDLE: 0x02, SET_REPORT: 0x09, SET_IDLE: 0x0a } as const;
export const HidReportType = { INPUT: 1, OUTPUT: 2 } as const;

export const CdcRequest = {
  SET_LINE_CODING: 0x20,
  GET_LINE_CODING: 0x21,
  SET_CONTROL_LINE_STATE: 0x22,
  SEND_BREAK: 0x23,
} as const;
/** Bit 0 of SET_CONTROL_LINE_STATE: Data Terminal Ready. */
export const DTR = 0x01;

/** The setup packet of a control transfer. */
export interface Setup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /**
   * The maximum length of the data that the host reads, or the exact length of the data that the host sends, in bytes.
   */
  readonly length: number;
}

/** Reads a setup packet of 8 bytes. Numbers are little-endian, as on the cable. */
export function readSetup(bytes: Uint8Array): Setup {
  const word = (at: number) => bytes[at]! | (bytes[at + 1]! << 8);
  return { requestType: bytes[0]!, request: bytes[1]!, value: word(2), index: word(4), length: word(6) };
}
