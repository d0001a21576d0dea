/** The meaning of an error of a system, independent of the library and of the language. */
export type SystemErrorKind =
  /** This user, or this program, may not open the device. */
  | 'denied'
  /** Another program, or this program, already has the device open. */
  | 'busy'
  /** There is nothing with this name. */
  | 'absent'
  /** The name exists, but no device belongs to it. */
  | 'no-device'
  /** The device was disconnected. */
  | 'gone'
  /** The name belongs to something else: a file, a folder, a terminal that is not a port. */
  | 'other-thing'
  /** The system has no driver for the device that a program can use. */
  | 'no-driver'
  /** The system refuses the settings, for example a baud rate. */
  | 'settings'
  /** The device halts the endpoint of the read or write. */
  | 'stalled'
  /** The device did not answer within the time limit of the system. */
  | 'silent'
  /** The device or its cable does not work correctly. */
  | 'failing'
  /** The call was cancelled. */
  | 'aborted'
  | 'unknown';

/** The meaning of the error numbers of a system. */
export type ErrorTable = Readonly<Record<number, SystemErrorKind>>;

/** Windows: the numbers of GetLastError, with their names in winerror.h. */
export const WINDOWS: ErrorTable = {
  2: 'absent', // ERROR_FILE_NOT_FOUND
  3: 'absent', // ERROR_PATH_NOT_FOUND
  5: 'denied', // ERROR_ACCESS_DENIED
  6: 'gone', // ERROR_INVALID_HANDLE
  20: 'gone', // ERROR_BAD_UNIT
  21: 'failing', // ERROR_NOT_READY
  22: 'gone', // ERROR_BAD_COMMAND: drivers report it for a device that was unplugged
  23: 'failing', // ERROR_CRC
  31: 'failing', // ERROR_GEN_FAILURE
  32: 'busy', // ERROR_SHARING_VIOLATION
  33: 'busy', // ERROR_LOCK_VIOLATION
  50: 'no-driver', // ERROR_NOT_SUPPORTED
  55: 'absent', // ERROR_DEV_NOT_EXIST
  87: 'settings', // ERROR_INVALID_PARAMETER
  121: 'silent', // ERROR_SEM_TIMEOUT
  123: 'absent', // ERROR_INVALID_NAME
  161: 'absent', // ERROR_BAD_PATHNAME
  170: 'busy', // ERROR_BUSY
  258: 'silent', // WAIT_TIMEOUT
  433: 'gone', // ERROR_NO_SUCH_DEVICE
  483: 'failing', // ERROR_DEVICE_HARDWARE_ERROR
  995: 'aborted', // ERROR_OPERATION_ABORTED
  1117: 'failing', // ERROR_IO_DEVICE
  1167: 'gone', // ERROR_DEVICE_NOT_CONNECTED
  1168: 'absent', // ERROR_NOT_FOUND
  1169: 'absent', // ERROR_NO_MATCH
  1200: 'absent', // ERROR_BAD_DEVICE
  1235: 'aborted', // ERROR_REQUEST_ABORTED
  1314: 'denied', // ERROR_PRIVILEGE_NOT_HELD
  1460: 'silent', // ERROR_TIMEOUT
  1617: 'gone', // ERROR_DEVICE_REMOVED
  2404: 'busy', // ERROR_DEVICE_IN_USE
};

/** macOS: the return values of IOKit, with their names in IOReturn.h and USB.h. */
export const DARWIN: ErrorTable = {
  268435459: 'gone', // MACH_SEND_INVALID_DEST: the service behind the device has ended
  3758097088: 'gone', // kIOReturnNoDevice
  3758097089: 'denied', // kIOReturnNotPrivileged
  3758097093: 'busy', // kIOReturnExclusiveAccess
  3758097095: 'no-driver', // kIOReturnUnsupported
  3758097098: 'failing', // kIOReturnIOError
  3758097101: 'gone', // kIOReturnNotOpen
  3758097109: 'busy', // kIOReturnBusy
  3758097110: 'silent', // kIOReturnTimeout
  3758097111: 'gone', // kIOReturnOffline
  3758097112: 'failing', // kIOReturnNotReady
  3758097113: 'gone', // kIOReturnNotAttached
  3758097122: 'denied', // kIOReturnNotPermitted
  3758097129: 'failing', // kIOReturnDeviceError
  3758097131: 'aborted', // kIOReturnAborted
  3758097133: 'failing', // kIOReturnNotResponding
  3758097136: 'absent', // kIOReturnNotFound
  3758112847: 'stalled', // kIOUSBPipeStalled
  3758112849: 'silent', // kIOUSBTransactionTimeout
};

/** The names in `code` of an error of Node, on every system. */
export const ERRNO_NAMES: Readonly<Record<string, SystemErrorKind>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  ENXIO: 'no-device',
  ENODEV: 'gone',
  ESHUTDOWN: 'gone',
  EISDIR: 'other-thing',
  ENOTTY: 'other-thing',
  EPIPE: 'stalled',
  ETIMEDOUT: 'silent',
  EIO: 'failing',
  EPROTO: 'failing',
  ECANCELED: 'aborted',
};

/** Linux: errno, as nusb reports it. */
export const LINUX: ErrorTable = {
  1: 'denied', // EPERM
  2: 'absent', // ENOENT
  5: 'failing', // EIO
  6: 'no-device', // ENXIO
  13: 'denied', // EACCES
  16: 'busy', // EBUSY
  19: 'gone', // ENODEV
  20: 'absent', // ENOTDIR
  21: 'other-thing', // EISDIR
  25: 'other-thing', // ENOTTY
  32: 'stalled', // EPIPE
  71: 'failing', // EPROTO
  108: 'gone', // ESHUTDOWN
  110: 'silent', // ETIMEDOUT
};

/**
 * English words. The first expression that matches is used. The words come from strerror on Linux and macOS, from
 * hidapi, from nusb, and from serialport, which writes its own text on Windows instead of the text of the system.
 */
export const WORDS: readonly (readonly [RegExp, SystemErrorKind])[] = [
  [/cannot lock port|\bbusy\b|in use|exclusive|already claimed|are claimed|sharing violation|another process/i, 'busy'],
  [/permission denied|access (?:is )?denied|not permitted|privilege/i, 'denied'],
  [/inappropriate ioctl|not a typewriter|is a directory|not a hidraw device|tcgetattr|termios/i, 'other-thing'],
  // ENXIO on Linux and macOS. It comes before "no such device", because it contains these words.
  [/no such device or address|device not configured/i, 'no-device'],
  // "operation not supported by device" is ENODEV on macOS. It comes before "not supported", because it contains these
  // words.
  [/disconnected|operation not supported by device|no such device|not connected|no longer|was removed/i, 'gone'],
  [/invalid handle/i, 'gone'],
  [/incompatible driver|determine driver|DeviceInterfaceGUIDs|device path for WinUSB|initialize WinUSB/i, 'no-driver'],
  [/not[_ ]supported|unsupported/i, 'no-driver'],
  [/parameter is incorrect|baud rate of \d+ is not|custom baud rate|IOSSIOSPEED/i, 'settings'],
  [/no such file|not found|cannot find|could not find|unable to open|from the mach entry/i, 'absent'],
  // The message of node-hid for a path that does not exist, on systems where hidapi adds no reason.
  [/with path(?: \S+)?$/i, 'absent'],
  [/\bstall|broken pipe/i, 'stalled'],
  [/timed? ?out/i, 'silent'],
  [/cancell?ed|operation aborted/i, 'aborted'],
  [/input\/output error|i\/o error|hardware fault/i, 'failing'],
];
