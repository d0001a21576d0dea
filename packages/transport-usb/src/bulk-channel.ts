import { type Channel, type ChannelHandlers, type Clock, TransportError } from '@bluetap/transport';
import { QueuedChannel, stoodStill, unplugged } from '@bluetap/transport/kit';
import { isGone, isStall, isTakenBack, transferError } from './errors.js';
import type { BulkInterface } from './find.js';
import type { UsbDevice } from './node-usb.js';
import { quietly } from './quietly.js';

/**
 * One packet. A longer read would keep a full packet while it waits for the next packet, and lose it at the end of its
 * time.
 */
const PACKET_LENGTH = 64;
/**
 * How long one read waits before the next read starts. Bytes that come while a read is cancelled are lost, so reads are
 * long and cancelled rarely. If a device does not end the last read at a close, the interface and the program stay in
 * use for this time.
 */
const READ_MS = 2000;
/**
 * If a device accepts no bytes for this time, the channel ends. It is shorter than the wait of `close`: a write cannot
 * be cancelled.
 */
const WRITE_MS = 500;
/** If a write fails after more than this time, this program was blocked. */
const LATE_WRITE_MS = WRITE_MS + 500;
/** The time limit of the request that ends the last read. */
const HALT_MS = 200;
/** The pause after a read that ended immediately with no bytes. */
const PAUSE_MS = 50;
/** After more failed reads than this, one after another, the channel ends. */
const MAX_FAILURES = 3;

interface BulkChannelParts {
  /** Names the device in messages. */
  readonly what: string;
  readonly device: UsbDevice;
  readonly bulk: BulkInterface;
  readonly handlers: ChannelHandlers;
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly onRelease: () => void;
}

/**
 * Makes a channel of a claimed interface. The bytes are a stream: a transfer can end anywhere, without an empty packet
 * after it.
 */
export function openChannel({ what, device, bulk, handlers, clock, platform, onRelease }: BulkChannelParts): Channel {
  const { number, input, output } = bulk;
  const channel: QueuedChannel = new QueuedChannel({
    name: what,
    handlers,
    clock,
    send(bytes) {
      writing = write(bytes);
      return writing;
    },
    async release() {
      onRelease();
      // A transfer cannot be cancelled, and the library must not close during a transfer.
      const halted = waits && (await halt());
      await Promise.allSettled([reading, writing]);
      if (halted) await quietly(() => device.clearHalt('in', input));
      await release(device, number);
    },
  });
  let writing: Promise<void> | undefined;
  /** True while a read is under way. */
  let waits = false;
  const reading = read();
  return channel;

  async function write(bytes: Uint8Array): Promise<void> {
    let started = 0;
    try {
      for (let sent = 0; sent < bytes.length; ) {
        started = clock.now();
        const { status, bytesWritten } = await device.transferOut(output, bytes.subarray(sent), WRITE_MS);
        // Without this error, a device that accepts 0 bytes would cause an endless loop.
        if (!(bytesWritten > 0))
          throw new TransportError('io', `${what} refuses the bytes of a write (${status}): plug it in again`);
        sent += bytesWritten;
      }
    } catch (error) {
      // Without this, the endpoint would stall for every later channel.
      if (isStall(error, platform)) await quietly(() => device.clearHalt('out', output));
      const failed = writeError(what, error, clock.now() - started, platform);
      // Some of the bytes may have been sent, so a later write would not begin at a frame boundary.
      channel.fail(failed);
      throw failed;
    }
  }

  async function read(): Promise<void> {
    let failures = 0;
    while (!channel.ended) {
      const started = clock.now();
      try {
        waits = true;
        const { status, data } = await device.transferIn(input, PACKET_LENGTH, READ_MS);
        waits = false;
        if (data?.byteLength) {
          failures = 0;
          channel.received(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
          continue;
        }
        if (status === 'stall') throw new Error('stall');
      } catch (error) {
        waits = false;
        if (channel.ended) return;
        if (isGone(error, platform)) return channel.fail(transferError(what, error, platform));
        // A read that took too long and a read that an unplug ended have the same error. The next read shows the
        // difference.
        if (clock.now() - started >= READ_MS / 2) {
          failures = 0;
          continue;
        }
        if (++failures > MAX_FAILURES) return channel.fail(transferError(what, error, platform));
        if (isStall(error, platform)) await quietly(() => device.clearHalt('in', input));
      }
      // The read ended immediately with no bytes. Without a pause, this program would do nothing but read. Also, a bus
      // reports errors for a short time before it reports that the device is gone.
      await pause(PAUSE_MS);
    }
  }

  /**
   * Asks the device to stall, which ends the waiting read. The endpoint stalls until the halt is cleared. False if it
   * does not stall.
   */
  function halt(): Promise<boolean> {
    const setHalt = {
      requestType: 'standard',
      recipient: 'endpoint',
      request: 3,
      value: 0,
      index: 0x80 | input,
    } as const;
    return device.controlTransferOut(setHalt, new Uint8Array(0), HALT_MS).then(
      ({ status }) => status === 'ok',
      () => false,
    );
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      clock.setTimeout(resolve, ms);
    });
  }
}

/**
 * The library reports the same error for a write that took too long and for a write that an unplug ended. The time of
 * the write shows the difference, unless this program was blocked.
 */
function writeError(what: string, error: unknown, ms: number, platform: string): TransportError {
  if (!isTakenBack(error, platform)) return transferError(what, error, platform);
  if (ms < WRITE_MS / 2) return unplugged(what, error);
  const text = `${what} took no bytes for ${WRITE_MS} ms`;
  if (ms < LATE_WRITE_MS) return new TransportError('timeout', `${text}: plug it in again`, { cause: error });
  return new TransportError('timeout', `${text}, or was unplugged: plug it in again${stoodStill(ms - WRITE_MS)}`, {
    cause: error,
  });
}

/** Releases the interface, then closes the device. A close alone does not release the interface. */
export async function release(device: UsbDevice, interfaceNumber: number): Promise<void> {
  await quietly(() => device.releaseInterface(interfaceNumber));
  await device.close();
}
