import { existsSync } from 'node:fs';
import type { Channel, ChannelHandlers, Clock } from '@bluetap/transport';
import { QueuedChannel, setDeadline } from '@bluetap/transport/kit';
import { channelError } from './errors.js';
import type { SerialPortHandle } from './serial-binding.js';

const READ_LENGTH = 4096;
const LOOK_MS = 1000;

interface SerialChannelParts {
  readonly path: string;
  readonly port: SerialPortHandle;
  readonly handlers: ChannelHandlers;
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly onRelease: () => void;
}

/** Makes a channel of an open port. */
export function openChannel({ path, port, handlers, clock, platform, onRelease }: SerialChannelParts): Channel {
  const channel: QueuedChannel = new QueuedChannel({
    name: `the serial port ${path}`,
    handlers,
    clock,
    send(bytes) {
      writing = write(bytes);
      return writing;
    },
    async release() {
      onRelease();
      stopLooking();
      await port.close();
      // Before that, the system has not released the port, and the next open would find a locked port.
      await Promise.allSettled([reading, writing]);
    },
  });
  let stopLooking = (): void => {};
  let writing: Promise<void> | undefined;
  look();
  const reading = read();
  return channel;

  async function write(bytes: Uint8Array): Promise<void> {
    try {
      await port.write(Buffer.from(bytes));
    } catch (error) {
      throw channelError(path, error);
    }
  }

  /** A read is always under way, because only a read notices a hangup. */
  async function read(): Promise<void> {
    const buffer = Buffer.alloc(READ_LENGTH);
    try {
      while (!channel.ended) {
        const { bytesRead } = await port.read(buffer, 0, READ_LENGTH);
        channel.received(new Uint8Array(buffer.subarray(0, bytesRead)));
      }
    } catch (error) {
      channel.fail(channelError(path, error));
    }
  }

  /**
   * Checks once a second that the path of the port still exists. If a port hangs up between two reads, the next read
   * waits without end, but the path of the port is gone. If this program was blocked, it first reads the bytes that
   * came before the hangup.
   */
  function look(): void {
    stopLooking = setDeadline(clock, LOOK_MS, () => {
      if (platform === 'win32' || existsSync(path)) look();
      else channel.fail(channelError(path));
    });
  }
}
