import { TransportError } from '@bluetap/transport';
import {
  messageOf,
  type NativeLibrary,
  openFailure,
  readSystemError,
  UDEV_RULE,
  unplugged,
} from '@bluetap/transport/kit';

export const LIBRARY: NativeLibrary = {
  name: 'node-hid',
  devices: 'HID devices',
  holders: 'the other POS program, or a browser tab that uses WebHID',
  access: {
    linux: UDEV_RULE,
    darwin: 'allow this program under System Settings, Privacy & Security, Input Monitoring, then start it again',
    other: 'run it as a user who may open the device, and close other programs that use it',
  },
  deniedIsBusyOnWindows: false,
};

/** The HID device in a message. */
export function nameOf(path: string): string {
  return `the HID device ${path}`;
}

/** The TransportError for an error of node-hid while it opened `path`. Such an error has only a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  return openFailure(error, LIBRARY, nameOf(path), { platform, name: path });
}

/**
 * The TransportError for an error on an open channel. The text of hidapi differs by system. Every error ends the
 * channel.
 */
export function channelError(path: string, error: unknown, platform: string): TransportError {
  const what = nameOf(path);
  const { kind } = readSystemError(error, platform, path);
  const ended = (text: string) => new TransportError('disconnected', `${what} ${text}`, { cause: error });
  switch (kind) {
    case 'stalled':
      // Linux does not clear the halt of its interrupt endpoint, and hidraw has no function to clear it.
      return ended('does not accept data (its endpoint stalls): unplug it and plug it in again');
    case 'denied':
    case 'busy':
      // On Windows, hidapi can open a device that it may not read or write. Only the first report shows the error.
      return ended(`was opened, but may not be read or written (${messageOf(error)}): close ${LIBRARY.holders}`);
    case 'silent':
    case 'failing':
      return ended(`does not work, or was unplugged (${messageOf(error)}): plug it in again`);
    default:
      return unplugged(what, error);
  }
}
