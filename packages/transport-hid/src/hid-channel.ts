import type { Channel, ChannelHandlers, Clock } from '@bluetap/transport';
import { QueuedChannel } from '@bluetap/transport/kit';
import { channelError, nameOf } from './errors.js';
import type { HidHandle } from './node-hid.js';

/** Bytes of a report, without its number. docs/protocol.md section 7. */
const REPORT_LENGTH = 64;
/** The device has no numbered reports; the system wants this byte in front all the same. */
const NO_REPORT_ID = 0;

interface HidChannelParts {
  readonly path: string;
  readonly handle: HidHandle;
  readonly handlers: ChannelHandlers;
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly onRelease: () => void;
}

/** An opened HID device as a channel. A report is filled up with 0x00, which a decoder takes for padding. */
export function openChannel({ path, handle, handlers, clock, platform, onRelease }: HidChannelParts): Channel {
  let reading: Promise<void> | undefined;
  /** One for all: the next report is filled when the library is done with the one before. */
  const report = Buffer.alloc(1 + REPORT_LENGTH, NO_REPORT_ID);
  const channel = new QueuedChannel({
    name: nameOf(path),
    handlers,
    clock,
    async send(bytes) {
      try {
        for (let at = 0; at < bytes.length; at += REPORT_LENGTH) {
          // By hand: a subarray, a fill and a set each cost more than these 64 bytes.
          for (let index = 0; index < REPORT_LENGTH; index++) report[1 + index] = bytes[at + index] ?? 0;
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
