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

/** An opened HID device as a channel. */
export function openChannel({ path, handle, handlers, clock, platform, onRelease }: HidChannelParts): Channel {
  let reading: Promise<void> | undefined;
  /** One for all: the next report is filled when the library is done with the one before. */
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
      // node-hid starts to read a tick after the listener was added, and crashes when it is closed before that.
      await reading;
      await handle.close();
    },
  });
  // Both stay until the end: without the one for errors an unplug ends the process, and a second one for data crashes.
  handle.on('error', (error) => channel.fail(channelError(path, error, platform)));
  handle.on('data', (report) => channel.received(new Uint8Array(report)));
  reading = new Promise((resolve) => setImmediate(resolve));
  return channel;
}
