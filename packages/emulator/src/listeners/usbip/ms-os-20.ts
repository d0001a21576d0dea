import { DescriptorType } from './usb.js';

/**
 * The descriptors with which Windows binds WinUSB to the bulk interface without an extra driver. The BOS descriptor
 * says that there is a descriptor set, and which vendor request reads it. Microsoft OS 2.0 Descriptors Specification;
 * docs/protocol.md section 7.
 */

/** bRequest of the vendor request. Any number is possible. */
export const MS_VENDOR_CODE = 0x20;
/** wIndex of the vendor request. */
export const MS_OS_20_DESCRIPTOR_INDEX = 0x07;

const INTERFACE_GUID = '{281DA960-13A5-4727-AC0E-770CE41D52A0}';
/** The one interface that gets WinUSB: bulk. */
const FIRST_INTERFACE = 1;

/** Windows 8.1, the first version that reads these descriptors. */
const WINDOWS_VERSION = [0x00, 0x00, 0x03, 0x06];

const SET_HEADER = 0x00;
const SUBSET_CONFIGURATION = 0x01;
const SUBSET_FUNCTION = 0x02;
const COMPATIBLE_ID = 0x03;
const REGISTRY_PROPERTY = 0x04;
const REG_MULTI_SZ = 7;
const PLATFORM = 0x05;

const word = (value: number) => [value & 0xff, value >>> 8];
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));
const utf16 = (text: string) => ascii(text).flatMap(word);

export const MS_OS_20_SET = set();

/**
 * {D8DD60DF-4589-4CC7-9CD2-659D9E648A9F}, the UUID of the MS OS 2.0 platform capability, in the byte order of the
 * descriptor.
 */
const MS_OS_20_PLATFORM = [
  ...[0xdf, 0x60, 0xdd, 0xd8, 0x89, 0x45, 0xc7, 0x4c],
  ...[0x9c, 0xd2, 0x65, 0x9d, 0x9e, 0x64, 0x8a, 0x9f],
];

export const BOS = bos();

function set(): Uint8Array {
  const name = utf16('DeviceInterfaceGUIDs\0');
  // A list of strings. Each string has a terminator, and the list has one more terminator at its end.
  const value = utf16(`${INTERFACE_GUID}\0\0`);
  const property = [
    ...word(REGISTRY_PROPERTY),
    ...word(REG_MULTI_SZ),
    ...[...word(name.length), ...name],
    ...[...word(value.length), ...value],
  ];
  const compatible = [...word(COMPATIBLE_ID), ...ascii('WINUSB\0\0'), ...new Array<number>(8).fill(0)];
  const features = [...sized(compatible), ...sized(property)];
  const functionLength = 8 + features.length;
  const ofFunction = [
    ...[...word(8), ...word(SUBSET_FUNCTION), FIRST_INTERFACE, 0, ...word(functionLength)],
    ...features,
  ];
  // This index counts the first configuration as 0, whatever its value is.
  const ofConfiguration = [
    ...[...word(8), ...word(SUBSET_CONFIGURATION), 0, 0, ...word(8 + functionLength)],
    ...ofFunction,
  ];
  const header = [...word(10), ...word(SET_HEADER), ...WINDOWS_VERSION, ...word(10 + ofConfiguration.length)];
  return Uint8Array.of(...header, ...ofConfiguration);
}

/** Adds the length at the start. The length includes itself. */
function sized(bytes: readonly number[]): number[] {
  return [...word(bytes.length + 2), ...bytes];
}

function bos(): Uint8Array {
  const capability = [
    ...[DescriptorType.DEVICE_CAPABILITY, PLATFORM, 0, ...MS_OS_20_PLATFORM],
    ...[...WINDOWS_VERSION, ...word(MS_OS_20_SET.length), MS_VENDOR_CODE],
    0, // no alternative enumeration
  ];
  const length = 5 + 1 + capability.length;
  return Uint8Array.of(...[5, DescriptorType.BOS, ...word(length), 1], capability.length + 1, ...capability);
}
