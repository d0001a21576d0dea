/** What a system says of a device, whichever library says it and in whichever language. */
export type SystemErrorKind =
  /** This user, or this program, may not open it. */
  | 'denied'
  /** Another program, or this one, has it already. */
  | 'busy'
  /** Nothing has that name. */
  | 'absent'
  /** The name is there, and no device is behind it. */
  | 'no-device'
  /** It was there, and was taken away. */
  | 'gone'
  /** The name belongs to something else: a file, a folder, a terminal that is no port. */
  | 'other-thing'
  /** The system has no driver for it that a program can use. */
  | 'no-driver'
  /** The system refuses the settings: a baud rate for one. */
  | 'settings'
  /** The device halts the endpoint that it was written to or read from. */
  | 'stalled'
  /** The device did not answer in the system's time. */
  | 'silent'
  /** The device, or its cable, does not work as it should. */
  | 'failing'
  /** The call was taken back. */
  | 'aborted'
  | 'unknown';

/** What a system's own number means. */
export type ErrorTable = Readonly<Record<number, SystemErrorKind>>;

/** Windows: the number of GetLastError, by its name in winerror.h. */
export const WINDOWS: ErrorTable = {
  2: 'absent', // ERROR_FILE_NOT_FOUND
  3: 'absent', // ERROR_PATH_NOT_FOUND
  5: 'denied', // ERROR_ACCESS_DENIED
  6: 'gone', // ERROR_INVALID_HANDLE
  20: 'gone', // ERROR_BAD_UNIT
  21: 'failing', // ERROR_NOT_READY
  22: 'gone', // ERROR_BAD_COMMAND: what a driver says of a device that was pulled out
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

/** macOS: what IOKit returns, by its name in IOReturn.h and USB.h. */
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

/** What Node calls it in `code`, on every system. */
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

/** Linux: errno, as nusb gives it. */
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
 * English words, the first that fits: those of strerror on Linux and macOS, of hidapi, of nusb, and what serialport writes
 * itself on Windows instead of the system's text.
 */
export const WORDS: readonly (readonly [RegExp, SystemErrorKind])[] = [
  [/cannot lock port|\bbusy\b|in use|exclusive|already claimed|are claimed|sharing violation|another process/i, 'busy'],
  [/permission denied|access (?:is )?denied|not permitted|privilege/i, 'denied'],
  [/inappropriate ioctl|not a typewriter|is a directory|not a hidraw device|tcgetattr|termios/i, 'other-thing'],
  // ENXIO, as Linux and macOS say it. Before "no such device", which is a part of it.
  [/no such device or address|device not configured/i, 'no-device'],
  // The middle one is macOS' ENODEV. Before "not supported", which is a part of it.
  [/disconnected|operation not supported by device|no such device|not connected|no longer|was removed/i, 'gone'],
  [/invalid handle/i, 'gone'],
  [/incompatible driver|determine driver|DeviceInterfaceGUIDs|device path for WinUSB|initialize WinUSB/i, 'no-driver'],
  [/not[_ ]supported|unsupported/i, 'no-driver'],
  [/parameter is incorrect|baud rate of \d+ is not|custom baud rate|IOSSIOSPEED/i, 'settings'],
  [/no such file|not found|cannot find|could not find|unable to open|from the mach entry/i, 'absent'],
  // What node-hid says of a path that names nothing, on systems where hidapi has no reason to add.
  [/with path(?: \S+)?$/i, 'absent'],
  [/\bstall|broken pipe/i, 'stalled'],
  [/timed? ?out/i, 'silent'],
  [/cancell?ed|operation aborted/i, 'aborted'],
  [/input\/output error|i\/o error|hardware fault/i, 'failing'],
];
