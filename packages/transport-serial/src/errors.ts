import { TransportError } from '@bluetap/transport';
import { type NativeLibrary, openFailure, UDEV_RULE, unplugged } from '@bluetap/transport/kit';

export const LIBRARY: NativeLibrary = {
  name: 'serialport',
  devices: 'serial ports',
  holders: 'the other POS program, a terminal program, or ModemManager',
  access: {
    // The udev rule covers the port of a BlueTap device. Any other port, for example of an adaptor, belongs to a group.
    linux: `${UDEV_RULE}; for an adaptor's port, join its group instead (on Debian dialout)`,
    darwin: 'a sandboxed app needs the entitlement com.apple.security.device.serial',
    other: 'run it as a user who may open the port',
  },
  deniedIsBusyOnWindows: true,
};

/** ModemManager exists only on Linux. */
const ELSEWHERE: NativeLibrary = { ...LIBRARY, holders: 'the other POS program, or a terminal program' };

const CHECK = 'check the path; `bluetap list` shows the ports of BlueTap devices';

/** The TransportError for an error of serialport while it opened `path`. Such an error has only a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  const library = platform === 'linux' ? LIBRARY : ELSEWHERE;
  return openFailure(error, library, `the serial port ${path}`, { platform, name: path }, ({ kind, said }) => {
    switch (kind) {
      case 'no-device':
        // The path exists, but there is no port (such as /dev/tty without a terminal), or the port has lost its device.
        return new TransportError('not-found', `${path} is not a serial port, or its device is gone: ${CHECK}`, {
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

/** The TransportError for an error on an open port. The text differs by system. Every error ends the channel. */
export function channelError(path: string, error?: unknown): TransportError {
  return unplugged(`the serial port ${path}`, error);
}
