import type { Bench } from './bench.js';
import type { Cases } from './cases.js';
import { checkThat } from './check.js';
import { delimited, type FrameBytes, LONGEST_FRAME, numberedFrame, numberedFrames, stallingBytes } from './frames.js';
import type { ConformanceCapabilities } from './setup.js';
import { abortedSignal } from './signals.js';

/** About 32 KiB. These are many packets for every transport, and half a second for full-speed HID. */
const MUCH = numberedFrames(252, () => LONGEST_FRAME);

/**
 * With two delimiters, these frames end just before, at and just after 64 bytes (a report or packet), and 128 bytes.
 */
const EDGE_LENGTHS = [1, 2, 61, 62, 63, 64, 65, 66, 125, 126, 127, LONGEST_FRAME];

const ALWAYS: Cases = {
  'every byte value from 1 to 255 arrives, in both directions': (bench) =>
    bothWays(bench, [byteValues(1, LONGEST_FRAME), byteValues(LONGEST_FRAME + 1, 255)]),

  'frames of every length around a packet arrive, in both directions': (bench) =>
    bothWays(
      bench,
      EDGE_LENGTHS.map((length, index) => numberedFrame(index, length)),
    ),

  'many small writes arrive in order': async (bench) => {
    const channel = await bench.open();
    const frames = numberedFrames(100, (number) => 1 + number);
    for (const frame of frames) await channel.write(delimited(frame));
    await bench.reachDevice(...frames);
  },

  'writes that were not awaited arrive in order': async (bench) => {
    const channel = await bench.open();
    const frames = numberedFrames(100, (number) => LONGEST_FRAME - number);
    await Promise.all(frames.map((frame) => channel.write(delimited(frame))));
    await bench.reachDevice(...frames);
  },

  'one large write arrives whole': async (bench) => {
    const channel = await bench.open();
    await channel.write(delimited(...MUCH));
    await bench.reachDevice(...MUCH);
  },

  'many bytes from the device arrive in order, while the host writes': async (bench) => {
    const channel = await bench.open();
    const frames = numberedFrames(50, () => 62);
    const writes = Promise.all(frames.map((frame) => channel.write(delimited(frame))));
    await Promise.all([writes, bench.send(...MUCH), bench.reachDevice(...frames), bench.reachHost(channel, ...MUCH)]);
  },

  'bytes that the device sends right after open are not lost': async (bench) => {
    const channel = await bench.open();
    await bench.send(numberedFrame(1, 60));
    await bench.reachHost(channel, numberedFrame(1, 60));
  },

  'no handler is called inside a call, even if the device answers immediately': async (bench) => {
    const channel = await bench.open();
    const answer = new Promise<void>((resolve, reject) => {
      bench.atDevice.react = () => {
        bench.atDevice.react = undefined;
        bench.send(numberedFrame(2, 30)).then(resolve, reject);
      };
    });
    await channel.write(delimited(numberedFrame(1, 30)));
    await bench.within('the device to answer', answer);
    await bench.reachHost(channel, numberedFrame(2, 30));
    await channel.close();
    channel.end.checkRules();
  },

  'a write from inside onData arrives': async (bench) => {
    const channel = await bench.open();
    const writing = new Promise<void>((resolve, reject) => {
      channel.end.inbox.react = () => {
        channel.end.inbox.react = undefined;
        channel.write(delimited(numberedFrame(2, 30))).then(resolve, reject);
      };
    });
    await bench.send(numberedFrame(1, 30));
    await bench.within('onData, and the write inside it', writing);
    await bench.reachDevice(numberedFrame(2, 30));
  },

  'the bytes of a write may be reused after the write has resolved': async (bench) => {
    const channel = await bench.open();
    const buffer = delimited(numberedFrame(1, 62));
    await channel.write(buffer);
    buffer.fill(0x55);
    await channel.write(delimited(numberedFrame(2, 62)));
    await bench.reachDevice(numberedFrame(1, 62), numberedFrame(2, 62));
  },

  'write with an aborted signal rejects with its reason, and sends nothing': async (bench) => {
    const channel = await bench.open();
    const { signal, reason } = abortedSignal();
    await bench.rejectsWith(reason, 'write', channel.write(delimited(numberedFrame(1, 40)), { signal }));
    await channel.write(delimited(numberedFrame(2, 40)));
    await bench.reachDevice(numberedFrame(2, 40));
  },

  'a write that is aborted settles, and the channel stays open': async (bench) => {
    const channel = await bench.open();
    const controller = new AbortController();
    const writing = bench.outcome(channel.write(delimited(numberedFrame(1, 40)), { signal: controller.signal }));
    const reason = new Error('aborted during write');
    controller.abort(reason);
    const outcome = await writing;
    checkThat(
      !('error' in outcome) || outcome.error === reason,
      'an aborted write rejected, but not with the reason of the signal',
    );
    await bench.exchange(channel);
  },
};

const WHERE_THE_DEVICE_SEES_CHANNELS: Cases = {
  'bytes that the device sends when it sees the channel are not lost': async (bench) => {
    await bench.greet(numberedFrame(1, 60));
    await bench.reachHost(await bench.open(), numberedFrame(1, 60));
  },
};

const whereTheDeviceTakesNothing = (stallBytes: number): Cases => ({
  'an abort ends a write that the device does not accept': async (bench) => {
    const channel = await bench.open();
    await bench.stall();
    const controller = new AbortController();
    const writing = bench.outcome(channel.write(stallingBytes(stallBytes), { signal: controller.signal }));
    await bench.turn();
    const reason = new Error('aborted during write');
    controller.abort(reason);
    const outcome = await writing;
    checkThat('error' in outcome, 'the write resolved although the device accepted nothing');
    checkThat(outcome.error === reason, 'an aborted write rejected, but not with the reason of the signal');
    await channel.close();
    await bench.resume();
  },
});

export const bytes = (has: ConformanceCapabilities): Cases => ({
  ...ALWAYS,
  ...(has.seesChannels && WHERE_THE_DEVICE_SEES_CHANNELS),
  ...(has.stallBytes > 0 && whereTheDeviceTakesNothing(has.stallBytes)),
});

function byteValues(first: number, last: number): FrameBytes {
  return Uint8Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function bothWays(bench: Bench, frames: readonly FrameBytes[]): Promise<void> {
  const channel = await bench.open();
  for (const frame of frames) await channel.write(delimited(frame));
  await bench.reachDevice(...frames);
  for (const frame of frames) await bench.send(frame);
  await bench.reachHost(channel, ...frames);
}
