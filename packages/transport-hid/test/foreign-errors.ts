/**
 * The errors of node-hid 3.4, with hidapi 0.15, on systems that these tests do not run on. The form of each error comes
 * from the named source. The words of Windows are the words for this number in the named language. node-hid 3.4 writes
 * "?" for every letter that is not in ASCII. Other packages with hidapi keep these letters.
 */
export interface ForeignError {
  readonly platform: string;
  readonly said: string;
  readonly code: string;
  /** The advice that the message must contain. */
  readonly advice: RegExp;
  readonly source: string;
}

export const WINDOWS_PATH =
  '\\\\?\\hid#vid_1209&pid_0001&mi_00#8&2c2ed352&0&0000#{4d1e55b2-f16f-11cf-88cb-001111000030}';
export const MAC_PATH = 'DevSrvsID:4295054735';

const onWindows = (why: string): string => `cannot open device with path ${WINDOWS_PATH}: ${why}`;
const onMac = (why: string): string => `cannot open device with path ${MAC_PATH}: ${why}`;
const WIN = 'node-hid/hidapi/windows/hid.c, register_winapi_error_to_buffer';
const MAC = 'node-hid/hidapi/mac/hid.c, hid_open_path';

const MAY = /may not open .*: run it as a user who may open the device/;
const CLOSE = /is held by another program: close the other POS program/;
const LOOK = /is not there: check the cable/;
const AGAIN = /plug it in again/;
const MONITORING = /Privacy & Security, Input Monitoring, then start it again/;

const win = (said: string, code: string, advice: RegExp, source = WIN): ForeignError => {
  return { platform: 'win32', said: onWindows(said), code, advice, source };
};
const mac = (said: string, code: string, advice: RegExp, source = MAC): ForeignError => {
  return { platform: 'darwin', said: onMac(said), code, advice, source };
};

export const OPEN_ERRORS: readonly ForeignError[] = [
  win('open_device: (0x00000005) Access is denied.', 'permission-denied', MAY, 'github.com/libusb/hidapi/issues/134'),
  win('open_device: (0x00000005) การเข้าถึงถูกปฏิเสธ', 'permission-denied', MAY),
  win(
    'open_device: (0x00000005) ?????????????????',
    'permission-denied',
    MAY,
    'node-hid/src/util.cc, appendHidErrorString',
  ),
  win('open_device: (0x00000005) Zugriff verweigert', 'permission-denied', MAY),
  win('open_device: (0x00000005) 拒绝访问。', 'permission-denied', MAY),
  win('open_device: (0x00000005) アクセスが拒否されました。', 'permission-denied', MAY),
  win('open_device: (0x00000005) Acesso negado.', 'permission-denied', MAY),
  {
    platform: 'win32',
    said: 'CreateFile: (0x00000005) การเข้าถึงถูกปฏิเสธ',
    code: 'permission-denied',
    advice: MAY,
    source: 'case C-26',
  },
  win(
    'open_device: (0x00000020) The process cannot access the file because it is being used by another process.',
    'busy',
    CLOSE,
    'github.com/signal11/hidapi/issues/231',
  ),
  win('open_device: (0x00000020) กระบวนการไม่สามารถเข้าถึงแฟ้มได้เนื่องจากกำลังถูกใช้โดยกระบวนการอื่น', 'busy', CLOSE),
  win('open_device: (0x00000020) 另一个程序正在使用此文件，进程无法访问。', 'busy', CLOSE),
  win('open_device: (0x000000AA) Die angeforderte Ressource wird bereits verwendet.', 'busy', CLOSE),
  win('open_device: (0x00000002) The system cannot find the file specified.', 'not-found', LOOK),
  win('open_device: (0x00000002) Das System kann die angegebene Datei nicht finden.', 'not-found', LOOK),
  win('open_device: (0x00000003) 指定されたパスが見つかりません。', 'not-found', LOOK),
  win('set input buffers: (0x0000048F) The device is not connected.', 'not-found', LOOK),
  win('get preparsed data: (0x0000048F) 设备没有连接。', 'not-found', LOOK),
  win('open_device: (0x000001B1) A device which does not exist was specified.', 'not-found', LOOK),
  win('open_device: (0x00000490) Element not found.', 'not-found', LOOK, 'github.com/signal11/hidapi/issues/320'),
  win('set input buffers: (0x0000001F) A device attached to the system is not functioning.', 'io', AGAIN),
  win('set input buffers: (0x0000001F) 連結到系統的某個裝置失去作用。', 'io', AGAIN),
  win('open_device: (0x00000015) The device is not ready.', 'io', AGAIN),
  win('set input buffers: (0x00000079) The semaphore timeout period has expired.', 'timeout', AGAIN),
  win('open_device: (0x000005B4) Dieser Vorgang wurde wegen Zeitüberschreitung zurückgegeben.', 'timeout', AGAIN),
  win('open_device: (0x00004E20) ไม่รู้จัก', 'io', /cannot be opened \(.*ไม่รู้จัก.*\): plug it in again/),
  win(
    'open_device: (0x80070005) Access is denied.',
    'permission-denied',
    MAY,
    'github.com/sidit77/async-hid/issues/35',
  ),
  win('HidP_GetCaps', 'io', /HidP_GetCaps/, 'node-hid/hidapi/windows/hid.c, hid_open_path'),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002E2) (iokit/common) not permitted',
    'permission-denied',
    MONITORING,
    'github.com/todbot/hidapitester/pull/30',
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C1) (iokit/common) privilege violation',
    'permission-denied',
    MONITORING,
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C5) (iokit/common) exclusive access and device already open',
    'busy',
    CLOSE,
    'github.com/dirkx/osx-hid2hci-for-bluetooth-csr8510-A10/issues/5',
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C0) (iokit/common) no such device',
    'not-found',
    LOOK,
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002CD) (iokit/common) device not open',
    'not-found',
    LOOK,
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002D6) (iokit/common) I/O Timeout',
    'timeout',
    AGAIN,
  ),
  mac(
    'hid_open_path: failed to open IOHIDDevice from mach entry: (0x10000003) (ipc/send) invalid destination port',
    'not-found',
    LOOK,
  ),
  mac('hid_open_path: device mach entry not found with the given path', 'not-found', LOOK),
  mac('hid_open_path: failed to create IOHIDDevice from the mach entry', 'not-found', LOOK),
  {
    platform: 'darwin',
    said: `cannot open device with path ${MAC_PATH}`,
    code: 'not-found',
    advice: LOOK,
    source: 'github.com/node-hid/node-hid/issues/552, before hidapi reported a reason',
  },
];

/** The errors that end an open channel, and their messages. */
export const CHANNEL_ERRORS: readonly ForeignError[] = [
  ['win32', 'Cannot write to hid device: WriteFile: (0x0000048F) 设备没有连接。', /was unplugged/, WIN],
  [
    'win32',
    'could not read from HID device: ReadFile: (0x0000048F) The device is not connected.',
    /was unplugged/,
    WIN,
  ],
  [
    'win32',
    'could not read from HID device: ReadFile: (0x00000005) Zugriff verweigert',
    /may not be read or written .*close/,
    'github.com/libusb/hidapi/issues/614',
  ],
  [
    'win32',
    'Cannot write to hid device: hid_write/GetOverlappedResult: (0x0000001F) อุปกรณ์ที่ต่อกับระบบไม่ทำงาน',
    AGAIN,
    WIN,
  ],
  [
    'win32',
    'could not read from HID device: hid_read_timeout/GetOverlappedResult: (0x000003E3) x',
    /was unplugged/,
    WIN,
  ],
  [
    'darwin',
    'Cannot write to hid device: IOHIDDeviceSetReport failed: (0xE00002C0) (iokit/common) no such device',
    /was unplugged/,
    'node-hid/hidapi/mac/hid.c, set_report',
  ],
  [
    'darwin',
    'Cannot write to hid device: IOHIDDeviceSetReport failed: (0xE00002ED) (iokit/common) device not responding',
    AGAIN,
    'node-hid/hidapi/mac/hid.c, set_report',
  ],
  [
    'darwin',
    'could not read from HID device: hid_read_timeout: device disconnected',
    /was unplugged/,
    'node-hid/hidapi/mac/hid.c, hid_read_timeout',
  ],
  ['linux', 'Cannot write to hid device: Broken pipe', /endpoint stalls/, 'seen on Linux 6.1'],
  [
    'linux',
    'could not read from HID device: Input/output error',
    /was unplugged/,
    'node-hid/hidapi/linux/hid.c, hid_read_timeout',
  ],
].map(([platform, said, advice, source]) => {
  return { platform, said, advice, source, code: 'disconnected' } as ForeignError;
});
