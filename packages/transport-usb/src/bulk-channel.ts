import { type Channel, type ChannelHandlers, type Clock, TransportError } from '@bluetap/transport';
import { QueuedChannel, stoodStill, unplugged } from '@bluetap/transport/kit';
import { isGone, isStall, isTakenBack, transferError } from './errors.js';
import type { BulkInterface } from './find.js';
import type { UsbDevice } from './node-usb.js';
import { quietly } from './quietly.js';

/** One packet: a longer read would keep a full packet back while it waits for the next, and lose it when its time is up. */
const PACKET_LENGTH = 64;
/**
 * How long one read waits; then the next one does. What comes just while a read is taken back is lost, so that is rare. A
 * device that does not end the read of a channel that closes keeps the interface, and the program, for that long.
 */
const READ_MS = 2000;
/** A device that takes no bytes for so long is given up; shorter than what `close` waits, since a write is not taken back. */
const WRITE_MS = 500;
/** A write that is given up later than this was heard of late: this program stood still. */
const LATE_WRITE_MS = WRITE_MS + 500;
/** How long the request that ends the last read may take. */
const HALT_MS = 200;
/** Between two reads of which the first brought nothing at once. */
const PAUSE_MS = 50;
/** Reads that fail at once, one after another, until the channel is given up. */
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

/** A claimed interface as a channel. A byte stream: a transfer ends anywhere, and needs no empty packet after it. */
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
      // A transfer cannot be taken back, and the library must not close under one.
      const halted = waits && (await halt());
      await Promise.allSettled([reading, writing]);
      if (halted) await quietly(() => device.clearHalt('in', input));
      await release(device, number);
    },
  });
  let writing: Promise<void> | undefined;
  /** A read is under way. */
  let waits = false;
  const reading = read();
  return channel;

  async function write(bytes: Uint8Array): Promise<void> {
    let started = 0;
    try {
      for (let sent = 0; sent < bytes.length; ) {
        started = clock.now();
        const { status, bytesWritten } = await device.transferOut(output, bytes.subarray(sent), WRITE_MS);
        // Nothing taken and no error would be a loop without an end.
        if (!(bytesWritten > 0)) throw new TransportError('io', `${what} refuses what is written (${status})`);
        sent += bytesWritten;
      }
    } catch (error) {
      // Otherwise it would stall for every channel from now on.
      if (isStall(error, platform)) await quietly(() => device.clearHalt('out', output));
      const failed = writeError(what, error, clock.now() - started, platform);
      // Some of the bytes may have left: what follows would not begin where a frame does.
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
        // A read whose time was up says the same as one that an unplug ended; the next one tells them apart.
        if (clock.now() - started >= READ_MS / 2) {
          failures = 0;
          continue;
        }
        if (++failures > MAX_FAILURES) return channel.fail(transferError(what, error, platform));
        if (isStall(error, platform)) await quietly(() => device.clearHalt('in', input));
      }
      // Nothing came, and at once: asking without a pause would be all that this program does. And a bus reports errors for
      // a moment before it reports that the device has gone.
      await pause(PAUSE_MS);
    }
  }

  /** Has the device end the read that waits: it stalls, until the halt is cleared. False when the device does not. */
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
 * A write whose time was up says the same as one that an unplug ended; how long it took tells them apart, unless this program
 * stood still meanwhile.
 */
function writeError(what: string, error: unknown, ms: number, platform: string): TransportError {
  if (!isTakenBack(error, platform)) return transferError(what, error, platform);
  if (ms < WRITE_MS / 2) return unplugged(what, error);
  const text = `${what} took no bytes for ${WRITE_MS} ms`;
  if (ms < LATE_WRITE_MS) return new TransportError('timeout', text, { cause: error });
  return new TransportError('timeout', `${text}, or was unplugged${stoodStill(ms - WRITE_MS)}`, { cause: error });
}

/** Gives the interface back, then the device: closing alone leaves it claimed. */
export async function release(device: UsbDevice, interfaceNumber: number): Promise<void> {
  await quietly(() => device.releaseInterface(interfaceNumber));
  await device.close();
}
