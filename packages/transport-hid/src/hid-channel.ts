import type { Channel, ChannelHandlers, Clock } from '@bluetap/transport';
import { QueuedChannel } from '@bluetap/transport/kit';
import { channelError, nameOf } from './errors.js';
import type { HidHandle } from './node-hid.js';
import { emptyReport, fillReport, REPORT_LENGTH } from './padded-report.js';

interface HidChannelParts {
  readonly path: string;
  readonly handle: HidHandle;
  readonly handlers: ChannelHandlers;
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly onRelease: () => void;
}

/** Makes a channel of an opened HID device. */
export function openChannel({ path, handle, handlers, clock, platform, onRelease }: HidChannelParts): Channel {
  let reading: Promise<void> | undefined;
  /** One buffer for all reports: the channel fills the next report only after the library has sent the report before. */
  const report = emptyReport();
  const channel = new QueuedChannel({
    name: nameOf(path),
    handlers,
    clock,
    async send(bytes) {
      try {
        for (let at = 0; at < bytes.length; at += REPORT_LENGTH) {
          fillReport(report, bytes, at);
          await handle.write(report);
        }
      } catch (error) {
        throw channelError(path, error, platform);
      }
    },
    async release() {
      onRelease();
      // node-hid starts to read one tick after the listener was added. It crashes if it is closed before.
      await reading;
      await handle.close();
    },
  });
  // Both listeners stay until the end. Without an error listener, an unplug ends the process. A second data listener
  // crashes.
  handle.on('error', (error) => channel.fail(channelError(path, error, platform)));
  handle.on('data', (report) => channel.received(new Uint8Array(report)));
  reading = new Promise((resolve) => setImmediate(resolve));
  return channel;
}
