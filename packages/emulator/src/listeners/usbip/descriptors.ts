import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import { BOS } from './ms-os-20.js';
import { DescriptorType } from './usb.js';

/** The descriptors of the device. docs/protocol.md section 7. */

const RELEASE = 0x0100;
/** With a version below 0x0201 a host never reads the BOS descriptor. */
const USB_VERSION = 0x0201;
const US_ENGLISH = 0x0409;

/** The maximum packet size of the control endpoint and of every endpoint that carries frames, in bytes. */
export const MAX_PACKET = 64;
/** The maximum packet size of the endpoint for CDC notifications, in bytes. SERIAL_STATE has 10 bytes. */
export const NOTIFICATION_PACKET = 16;

export const Interface = { HID: 0, BULK: 1, CDC_CONTROL: 2, CDC_DATA: 3 } as const;
/**
 * The endpoint numbers. Each number for frames has an IN and an OUT endpoint. The number for notifications has an IN
 * endpoint only.
 */
export const Endpoint = { HID: 1, BULK: 2, CDC_NOTIFICATION: 3, CDC_DATA: 4 } as const;

/** Class, subclass and protocol of each interface. CDC has no protocol, so that a host does not send AT commands. */
export const INTERFACE_CLASSES = [
  [0x03, 0x00, 0x00],
  [0xff, 0x00, 0x00],
  [0x02, 0x02, 0x00],
  [0x0a, 0x00, 0x00],
] as const;

const INTERRUPT = 0x03;
const BULK = 0x02;
const IN = 0x80;

const word = (value: number): [low: number, high: number] => [value & 0xff, value >>> 8];

/** The report descriptor: 64 bytes in each direction, and no report number. */
export const REPORT_DESCRIPTOR = Uint8Array.of(
  ...[0x06, 0x00, 0xff], // usage page FF00
  ...[0x09, 0x01], // usage 01
  ...[0xa1, 0x01], // collection: application
  ...[0x15, 0x00], // logical minimum 0
  ...[0x26, 0xff, 0x00], // logical maximum 255
  ...[0x75, 0x08], // report size 8 bits
  ...[0x95, 0x40], // report count 64
  ...[0x09, 0x02], // usage 02
  ...[0x81, 0x02], // input: data, variable, absolute
  ...[0x09, 0x03], // usage 03
  ...[0x91, 0x02], // output: data, variable, absolute
  0xc0, // end of collection
);

export const HID_DESCRIPTOR = Uint8Array.of(
  ...[9, DescriptorType.HID],
  ...word(0x0111), // HID 1.11
  0, // no country
  ...[1, DescriptorType.HID_REPORT, ...word(REPORT_DESCRIPTOR.length)],
);

/** The string descriptors by index. The serial number has index 3. */
const MANUFACTURER = 1;
const PRODUCT = 2;
const SERIAL_NUMBER = 3;
const HID_NAME = 4;
const BULK_NAME = 5;
const SERIAL_NAME = 6;

export const DEVICE_DESCRIPTOR = Uint8Array.of(
  ...[18, DescriptorType.DEVICE],
  ...word(USB_VERSION),
  ...[0xef, 0x02, 0x01], // a composite device with interface associations
  MAX_PACKET,
  ...word(USB_VENDOR_ID),
  ...word(USB_PRODUCT_ID),
  ...word(RELEASE),
  ...[MANUFACTURER, PRODUCT, SERIAL_NUMBER],
  1, // configuration
);

export const CONFIGURATION_VALUE = 1;
export const CONFIGURATION_DESCRIPTOR = configuration([
  ...interfaceDescriptor(Interface.HID, 2, HID_NAME),
  ...HID_DESCRIPTOR,
  ...endpoint(IN | Endpoint.HID, INTERRUPT, MAX_PACKET, 1),
  ...endpoint(Endpoint.HID, INTERRUPT, MAX_PACKET, 1),

  ...interfaceDescriptor(Interface.BULK, 2, BULK_NAME),
  ...endpoint(IN | Endpoint.BULK, BULK, MAX_PACKET, 0),
  ...endpoint(Endpoint.BULK, BULK, MAX_PACKET, 0),

  ...[8, DescriptorType.INTERFACE_ASSOCIATION, Interface.CDC_CONTROL, 2],
  ...[...INTERFACE_CLASSES[Interface.CDC_CONTROL], SERIAL_NAME],
  ...interfaceDescriptor(Interface.CDC_CONTROL, 1, SERIAL_NAME),
  ...[5, DescriptorType.CS_INTERFACE, 0x00, ...word(0x0120)], // header: CDC 1.2
  ...[5, DescriptorType.CS_INTERFACE, 0x01, 0x00, Interface.CDC_DATA], // call management: none
  ...[4, DescriptorType.CS_INTERFACE, 0x02, 0x06], // ACM: line coding and state, break
  ...[5, DescriptorType.CS_INTERFACE, 0x06, Interface.CDC_CONTROL, Interface.CDC_DATA], // union
  ...endpoint(IN | Endpoint.CDC_NOTIFICATION, INTERRUPT, NOTIFICATION_PACKET, 16),
  ...interfaceDescriptor(Interface.CDC_DATA, 2, SERIAL_NAME),
  ...endpoint(IN | Endpoint.CDC_DATA, BULK, MAX_PACKET, 0),
  ...endpoint(Endpoint.CDC_DATA, BULK, MAX_PACKET, 0),
]);

function configuration(interfaces: readonly number[]): Uint8Array {
  return Uint8Array.of(
    ...[9, DescriptorType.CONFIGURATION],
    ...word(9 + interfaces.length),
    INTERFACE_CLASSES.length,
    CONFIGURATION_VALUE,
    0, // without a name
    0x80, // powered by the bus
    50, // 100 mA
    ...interfaces,
  );
}

function interfaceDescriptor(number: number, endpoints: number, name: number): number[] {
  return [9, DescriptorType.INTERFACE, number, 0, endpoints, ...INTERFACE_CLASSES[number]!, name];
}

function endpoint(address: number, type: number, maxPacket: number, interval: number): number[] {
  return [7, DescriptorType.ENDPOINT, address, type, ...word(maxPacket), interval];
}

/**
 * Returns a function that returns the whole descriptor that a GET_DESCRIPTOR of the device names. The function returns
 * undefined if there is no such descriptor. For example, only a device with high speed has a device qualifier.
 */
export function deviceDescriptors(serialNumber: string): (type: number, index: number) => Uint8Array | undefined {
  const strings = [
    Uint8Array.of(4, DescriptorType.STRING, ...word(US_ENGLISH)),
    ...['BlueTap', 'BlueTap (simulated)', serialNumber, 'BlueTap HID', 'BlueTap bulk', 'BlueTap serial'].map(
      stringDescriptor,
    ),
  ];
  return (type, index) => {
    if (type === DescriptorType.STRING) return strings[index];
    if (index !== 0) return undefined;
    if (type === DescriptorType.DEVICE) return DEVICE_DESCRIPTOR;
    if (type === DescriptorType.CONFIGURATION) return CONFIGURATION_DESCRIPTOR;
    return type === DescriptorType.BOS ? BOS : undefined;
  };
}

/** UTF-16, little-endian, without a terminator. */
function stringDescriptor(text: string): Uint8Array {
  const units = [...text].flatMap((char) => word(char.charCodeAt(0)));
  return Uint8Array.of(2 + units.length, DescriptorType.STRING, ...units);
}
