import { encodeMessage, type Frame, FrameDecoder, type Message } from '@bluetap/protocol';
import { decodeFrame, encodeFrame, type FrameParts } from '@bluetap/protocol/tools';
import type { Transport } from '@bluetap/transport';

/** What happens to bytes on their way. Undefined: they are lost. */
export interface Alterations {
  readonly toDevice?: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined;
  readonly fromDevice?: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined;
}

/** A transport to a device that seems to do something else. Each chunk is one frame, as in the same process. */
export function altered(transport: Transport, { toDevice, fromDevice }: Alterations): Transport {
  return {
    name: 'altered',
    list: () => transport.list(),
    async open(device, { onData, onClose }, options) {
      const handlers = {
        onData: (bytes: Uint8Array) => {
          const changed = fromDevice ? fromDevice(bytes) : bytes;
          if (changed) onData(changed);
        },
        onClose,
      };
      const channel = await transport.open(device, handlers, options);
      return {
        close: () => channel.close(),
        async write(bytes, writeOptions) {
          const changed = toDevice ? toDevice(bytes) : bytes;
          if (changed) await channel.write(changed, writeOptions);
        },
      };
    },
  };
}

/** Changes parts of each frame, with a right CRC. Bytes that are not exactly one frame stay as they are. */
export function changingFrames(change: (frame: Frame) => Partial<FrameParts>): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const frame = onlyFrame(bytes);
    return frame ? encodeFrame({ ...frame, ...change(frame) }) : bytes;
  };
}

/** Changes fields of each message of one type. */
export function changingMessages(
  type: Message['type'],
  change: Readonly<Record<string, unknown>>,
): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const frame = onlyFrame(bytes);
    const decoded = frame && decodeFrame(frame);
    if (!decoded?.ok || decoded.message.type !== type) return bytes;
    if ('result' in decoded.message && decoded.message.result !== 'SUCCESS') return bytes;
    return encodeMessage({ ...decoded.message, ...change } as Message);
  };
}

function onlyFrame(bytes: Uint8Array): Frame | undefined {
  const frames: Frame[] = [];
  let dropped = 0;
  const decoder = new FrameDecoder({ onFrame: (frame) => frames.push(frame), onDrop: () => dropped++ });
  decoder.push(bytes);
  decoder.reset();
  return frames.length === 1 && dropped === 0 ? frames[0] : undefined;
}
