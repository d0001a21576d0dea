import { TransportError } from '@bluetap/transport';
import { type NativeLibrary, openFailure, UDEV_RULE, unplugged } from '@bluetap/transport/kit';

export const LIBRARY: NativeLibrary = {
  name: 'serialport',
  devices: 'serial ports',
  holders: 'the other POS program, a terminal program, or ModemManager',
  access: {
    // The udev rule is for a BlueTap device's own port; any other, an adaptor's for one, belongs to a group.
    linux: `${UDEV_RULE}; for an adaptor's port, join its group instead (on Debian dialout)`,
    darwin: 'a sandboxed app needs the entitlement com.apple.security.device.serial',
    other: 'run it as a user who may open the port',
  },
  deniedIsBusyOnWindows: true,
};

/** ModemManager is of Linux. */
const ELSEWHERE: NativeLibrary = { ...LIBRARY, holders: 'the other POS program, or a terminal program' };

const CHECK = 'check the path; `bluetap list` shows the ports of BlueTap devices';

/** The TransportError for what serialport said when it was to open `path`; it tells nothing but a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  const library = platform === 'linux' ? LIBRARY : ELSEWHERE;
  return openFailure(error, library, `the serial port ${path}`, { platform, name: path }, ({ kind, said }) => {
    switch (kind) {
      case 'no-device':
        // A path that is there and leads to no port, as /dev/tty without a terminal, or a port that has lost its device.
        return new TransportError('not-found', `${path} is not a serial port, or its device has gone: ${CHECK}`, {
          cause: error,
        });
      case 'other-thing':
        return new TransportError('io', `${path} is not a serial port: ${CHECK}`, { cause: error });
      case 'settings':
        return new TransportError('io', `the serial port ${path} refuses its settings (${said}): check baudRate`, {
          cause: error,
        });
      default:
        return undefined;
    }
  });
}

/** What happens on an open port: the system's word for it differs, and none of it leaves a usable channel. */
export function channelError(path: string, error?: unknown): TransportError {
  return unplugged(`the serial port ${path}`, error);
}
