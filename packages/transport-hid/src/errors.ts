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

/** The TransportError for what node-hid said when it was to open `path`; it tells nothing but a message. */
export function openError(path: string, error: unknown, platform: string): TransportError {
  return openFailure(error, LIBRARY, nameOf(path), { platform, name: path });
}

/** What happens on an open channel: hidapi's text for it differs by system, and none of it leaves a usable channel. */
export function channelError(path: string, error: unknown, platform: string): TransportError {
  const what = nameOf(path);
  const { kind } = readSystemError(error, platform, path);
  const ended = (text: string) => new TransportError('disconnected', `${what} ${text}`, { cause: error });
  switch (kind) {
    case 'stalled':
      // Linux does not clear the halt of its interrupt endpoint, and nobody else can through hidraw.
      return ended('takes nothing that it is sent (its endpoint stalls): unplug it and plug it in again');
    case 'denied':
    case 'busy':
      // hidapi opens on Windows what it may not read or write, and only the first report tells.
      return ended(`was opened, but may not be read or written (${messageOf(error)}): close ${LIBRARY.holders}`);
    case 'silent':
    case 'failing':
      return ended(`does not work, or was unplugged (${messageOf(error)}): plug it in again`);
    default:
      return unplugged(what, error);
  }
}
