/**
 * The errors of usb 3.1, with nusb, on systems that these tests do not run on. usb writes the name of its call first
 * (src/webusb_device.rs of node-usb-rs). nusb writes English words and the number of the system (src/error.rs and
 * src/platform).
 */
export interface ForeignError {
  readonly platform: string;
  readonly said: string;
  readonly code: string;
  /** The advice that the message must contain. */
  readonly advice: RegExp;
  readonly source: string;
}

const CLOSE = /is held by another program: close the other POS program/;
const LOOK = /is not there: check the cable/;
const AGAIN = /plug it in again/;
const DRIVER = /has no WinUSB driver: .*Zadig/;

const WIN = 'nusb/src/platform/windows_winusb/device.rs';
const MAC = 'nusb/src/platform/macos_iokit/device.rs';

export const OPEN_ERRORS: readonly ForeignError[] = [
  ['win32', 'claimInterface error: failed to open device (error 5)', 'busy', CLOSE, WIN],
  ['win32', 'claimInterface error: failed to open device (error 32)', 'busy', CLOSE, WIN],
  ['win32', 'claimInterface error: interface is already claimed', 'busy', CLOSE, WIN],
  ['win32', 'claimInterface error: failed to open device (error 2)', 'not-found', LOOK, WIN],
  ['win32', 'claimInterface error: failed to open device (error 3)', 'not-found', LOOK, WIN],
  ['win32', 'claimInterface error: failed to open device (error 1167)', 'not-found', LOOK, WIN],
  ['win32', 'claimInterface error: failed to open device (error 433)', 'not-found', LOOK, WIN],
  ['win32', 'open error: device disconnected', 'not-found', LOOK, 'nusb/src/platform/windows_winusb/hub.rs'],
  ['win32', 'open error: device disconnected (error 22)', 'not-found', LOOK, WIN],
  ['win32', 'open error: descriptor request failed (error 31)', 'io', AGAIN, 'nusb/src/platform/windows_winusb/hub.rs'],
  [
    'win32',
    'open error: hub DeviceIoControl failed (error 121)',
    'timeout',
    AGAIN,
    'nusb/src/platform/windows_winusb/hub.rs',
  ],
  ['win32', 'claimInterface error: incompatible driver is installed for this device', 'io', DRIVER, WIN],
  [
    'win32',
    'claimInterface error: incompatible driver is installed for this interface',
    'io',
    DRIVER,
    'nusb/src/platform/windows_winusb/enumeration.rs',
  ],
  [
    'win32',
    'open error: could not determine driver for interface',
    'io',
    DRIVER,
    'nusb/src/platform/windows_winusb/enumeration.rs',
  ],
  [
    'win32',
    'claimInterface error: Could not find DeviceInterfaceGUIDs in registry. WinUSB driver may not be correctly installed for this interface.',
    'io',
    DRIVER,
    'nusb/src/platform/windows_winusb/enumeration.rs',
  ],
  ['win32', 'claimInterface error: failed to initialize WinUSB (error 8)', 'io', DRIVER, WIN],
  ['win32', 'claimInterface error: failed to initialize WinUSB (error 50)', 'io', DRIVER, WIN],
  ['win32', 'open error: invalid device descriptor', 'io', /invalid device descriptor/, WIN],
  [
    'darwin',
    'claimInterface error: could not open interface for exclusive access (error 0xe00002c5)',
    'busy',
    CLOSE,
    MAC,
  ],
  ['darwin', 'claimInterface error: device disconnected (error 0xe00002c0)', 'not-found', LOOK, MAC],
  ['darwin', 'claimInterface error: failed to open interface (error 0xe00002cd)', 'not-found', LOOK, MAC],
  [
    'darwin',
    'claimInterface error: failed to open interface (error 0xe00002e2)',
    'permission-denied',
    /may not open .*com\.apple\.security\.device\.usb/,
    MAC,
  ],
  [
    'darwin',
    'selectConfiguration error: could not open device for exclusive access (error 0xe00002c1)',
    'permission-denied',
    /may not open .*com\.apple\.security\.device\.usb/,
    MAC,
  ],
  ['darwin', 'open error: not found by registry id', 'not-found', LOOK, 'nusb/src/platform/macos_iokit/enumeration.rs'],
  ['darwin', 'claimInterface error: failed to open interface (error 0xe00002ed)', 'io', AGAIN, MAC],
  ['darwin', 'claimInterface error: failed to open interface (error 0xe00002d6)', 'timeout', AGAIN, MAC],
  [
    'linux',
    'open error: permission denied (errno 1)',
    'permission-denied',
    /udev-rules/,
    'nusb/src/platform/linux_usbfs/device.rs',
  ],
  ['linux', 'open error: device not found (errno 2)', 'not-found', LOOK, 'nusb/src/platform/linux_usbfs/device.rs'],
  ['linux', 'open error: failed to open device (errno 16)', 'busy', CLOSE, 'nusb/src/platform/linux_usbfs/device.rs'],
  [
    'linux',
    'claimInterface error: device disconnected (errno 19)',
    'not-found',
    LOOK,
    'nusb/src/platform/linux_usbfs/device.rs',
  ],
].map(([platform, said, code, advice, source]) => ({ platform, said, code, advice, source }) as ForeignError);

/** The errors of a transfer on an open channel. */
export const TRANSFER_ERRORS: readonly ForeignError[] = [
  [
    'win32',
    'transferOut error: Disconnected',
    'disconnected',
    /was unplugged/,
    'nusb/src/platform/windows_winusb/transfer.rs',
  ],
  [
    'win32',
    'transferOut error: Unknown(1167)',
    'disconnected',
    /was unplugged/,
    'nusb/src/platform/windows_winusb/transfer.rs',
  ],
  [
    'win32',
    'transferOut error: Unknown(22)',
    'disconnected',
    /was unplugged/,
    'nusb/src/platform/windows_winusb/transfer.rs',
  ],
  [
    'win32',
    'transferOut error: Unknown(31)',
    'io',
    /a transfer failed/,
    'nusb/src/platform/windows_winusb/transfer.rs',
  ],
  [
    'darwin',
    'transferOut error: Disconnected',
    'disconnected',
    /was unplugged/,
    'nusb/src/platform/macos_iokit/mod.rs',
  ],
  [
    'darwin',
    'transferOut error: Unknown(3758097113)',
    'disconnected',
    /was unplugged/,
    'nusb/src/platform/macos_iokit/mod.rs',
  ],
  [
    'darwin',
    'transferOut error: Unknown(3758097133)',
    'io',
    /a transfer failed/,
    'nusb/src/platform/macos_iokit/mod.rs',
  ],
  ['linux', 'transferOut error: Unknown(19)', 'disconnected', /was unplugged/, 'nusb/src/platform/linux_usbfs/mod.rs'],
].map(([platform, said, code, advice, source]) => ({ platform, said, code, advice, source }) as ForeignError);
