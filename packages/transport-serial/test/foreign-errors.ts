/**
 * The errors of serialport 13 (bindings-cpp 13) on systems that these tests do not run on. On Windows, serialport
 * writes its own words or a number. On other systems, it writes the words of strerror.
 */
export interface ForeignError {
  readonly platform: string;
  readonly path: string;
  readonly said: string;
  readonly code: string;
  /** The advice that the message must contain. */
  readonly advice: RegExp;
  readonly source: string;
}

const CLOSE = /is held by another program: close the other POS program, or a terminal program$/;
const LOOK = /is not there: check the cable/;
const NO_PORT = /is not a serial port.*: check the path/;
const AGAIN = /plug it in again/;

const WIN = '@serialport/bindings-cpp/src/serialport_win.cpp, ErrorCodeToString';
const UNIX = '@serialport/bindings-cpp/src/serialport_unix.cpp, OpenBaton::Execute';
const ISSUES = 'github.com/serialport/node-serialport/issues';
const CU = '/dev/cu.usbmodem14541';

export const OPEN_ERRORS: readonly ForeignError[] = [
  ['win32', 'COM3', 'Opening COM3: Access denied', 'busy', CLOSE, WIN],
  ['win32', 'COM3', 'Opening COM3: File not found', 'not-found', LOOK, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 32', 'busy', CLOSE, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 170', 'busy', CLOSE, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 3', 'not-found', LOOK, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 123', 'not-found', LOOK, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 433', 'not-found', LOOK, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 1167', 'not-found', LOOK, WIN],
  ['win32', 'COM5', 'Opening COM5: Unknown error code 121', 'timeout', AGAIN, `${ISSUES}/1104`],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 1460', 'timeout', AGAIN, WIN],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 31', 'io', AGAIN, `${ISSUES}/1961`],
  [
    'win32',
    'COM3',
    'Open (SetCommState): Unknown error code 31',
    'io',
    AGAIN,
    'github.com/SuperStudio/SuperConnectX/issues/34',
  ],
  ['win32', 'COM3', 'Opening COM3: Unknown error code 21', 'io', AGAIN, WIN],
  ['win32', 'COM1', 'Open (SetCommState): Unknown error code 87', 'io', /baudRate/, `${ISSUES}/1353`],
  ['win32', 'COM1', 'Open (SetCommState): The parameter is incorrect', 'io', /baudRate/, WIN],
  ['win32', 'COM1', 'Open (GetCommState): Invalid handle', 'not-found', LOOK, WIN],
  ['win32', 'COM1', 'Opening COM1: Operation aborted', 'io', /Operation aborted/, WIN],
  ['win32', 'COM1', 'Opening COM1: Unknown error code 8', 'io', /Unknown error code 8/, WIN],
  ['darwin', CU, `Error: Resource busy, cannot open ${CU}`, 'busy', CLOSE, 'github.com/gepd/Deviot/issues/292'],
  ['darwin', CU, 'Error Resource temporarily unavailable Cannot lock port', 'busy', CLOSE, `${ISSUES}/1070`],
  ['darwin', CU, `Error: No such file or directory, cannot open ${CU}`, 'not-found', LOOK, UNIX],
  [
    'darwin',
    CU,
    `Error: Device not configured, cannot open ${CU}`,
    'not-found',
    NO_PORT,
    'github.com/peplin/pygatt/issues/159',
  ],
  ['darwin', CU, `Error: Operation not supported by device, cannot open ${CU}`, 'not-found', LOOK, UNIX],
  [
    'darwin',
    CU,
    `Error: Permission denied, cannot open ${CU}`,
    'permission-denied',
    /may not open .*com\.apple\.security\.device\.serial/,
    UNIX,
  ],
  [
    'darwin',
    CU,
    `Error: Operation not permitted, cannot open ${CU}`,
    'permission-denied',
    /may not open .*com\.apple\.security\.device\.serial/,
    UNIX,
  ],
  ['darwin', CU, 'Error: Invalid argument calling ioctl(.., IOSSIOSPEED, 12 )', 'io', /baudRate/, UNIX],
  ['darwin', '/dev/null', 'Error: Inappropriate ioctl for device, cannot open /dev/null', 'io', NO_PORT, UNIX],
  ['linux', '/dev/ttyS9', 'Error: Input/output error, cannot open /dev/ttyS9', 'io', AGAIN, UNIX],
  ['linux', '/dev/ttyACM0', 'Error: No such device, cannot open /dev/ttyACM0', 'not-found', LOOK, UNIX],
  ['linux', '/dev/lock-1', 'Error: No such file or directory, cannot open /dev/lock-1', 'not-found', LOOK, UNIX],
  ['linux', '/dev/busy', 'Error: Permission denied, cannot open /dev/busy', 'permission-denied', /dialout/, UNIX],
  [
    'linux',
    '/dev/not found',
    'Error: Permission denied, cannot open /dev/not found',
    'permission-denied',
    /dialout/,
    UNIX,
  ],
].map(
  ([platform, path, said, code, advice, source]) => ({ platform, path, said, code, advice, source }) as ForeignError,
);
