import { TransportError } from '../transport-error.js';
import { busy, notThere, permissionDenied } from './advice.js';
import { loadError } from './load-error.js';
import { readSystemError, type SystemError } from './system-error.js';

/** What a transport knows of the library under it, so that an error of it becomes one that says what to do. */
export interface NativeLibrary {
  /** The name of its package. */
  readonly name: string;
  /** What it lists: "HID devices". */
  readonly devices: string;
  /** Who else may hold such a device, after "close". */
  readonly holders: string;
  /** What grants access to one, by the system's name. What `other` says is for the rest. */
  readonly access: {
    readonly [platform: string]: string;
    /** For every system that has no entry. */
    readonly other: string;
  };
  /** On Windows a device that another program has open is denied, and not busy: so with WinUSB and COM ports. */
  readonly deniedIsBusyOnWindows: boolean;
}

/** Where an error comes from. */
export interface Origin {
  /** As `process.platform` names it. */
  readonly platform: string;
  /** The device's path or id, as the library may quote it. */
  readonly name?: string | undefined;
}

/** What grants access on Linux: the same for every device of ours. */
export const UDEV_RULE = 'install the udev rule that `bluetap udev-rules` prints, then plug the device in again';

/** The TransportError for what a library threw when it was loaded, or was to list; one of ours stays as it is. */
export function listFailure(error: unknown, library: NativeLibrary, platform: string): TransportError {
  if (error instanceof TransportError) return error;
  const { kind, said } = readSystemError(error, platform);
  const notLoaded = loadError(error, library.name, platform);
  if (notLoaded) return notLoaded;
  const denied = kind === 'denied';
  const text = denied ? `this user may not list the ${library.devices}` : `${library.devices} cannot be listed`;
  return new TransportError(denied ? 'permission-denied' : 'io', `${text}: ${said}`, { cause: error });
}

/**
 * The TransportError for a device that could not be opened; one of ours stays as it is.
 * @param what Names the device in the message: "the serial port COM3".
 * @param own What only this transport knows; undefined where that is nothing.
 */
export function openFailure(
  error: unknown,
  library: NativeLibrary,
  what: string,
  { platform, name }: Origin,
  own?: (system: SystemError) => TransportError | undefined,
): TransportError {
  if (error instanceof TransportError) return error;
  const notLoaded = loadError(error, library.name, platform);
  if (notLoaded) return notLoaded;
  const read = readSystemError(error, platform, name);
  const isBusy = read.kind === 'denied' && platform === 'win32' && library.deniedIsBusyOnWindows;
  const system: SystemError = isBusy ? { ...read, kind: 'busy', code: 'busy' } : read;
  return own?.(system) ?? generalFailure(error, library, what, platform, system);
}

function generalFailure(
  cause: unknown,
  library: NativeLibrary,
  what: string,
  platform: string,
  { kind, said }: SystemError,
): TransportError {
  switch (kind) {
    case 'denied':
      return permissionDenied(what, library.access[platform] ?? library.access.other, cause);
    case 'busy':
      return busy(what, library.holders, cause);
    case 'absent':
    case 'no-device':
    case 'gone':
      return notThere(what, cause);
    case 'silent':
      return new TransportError('timeout', `${what} did not answer (${said}): plug it in again`, { cause });
    case 'failing':
      return new TransportError('io', `${what} does not work (${said}): plug it in again`, { cause });
    default:
      return new TransportError('io', `${what} cannot be opened: ${said}`, { cause });
  }
}
