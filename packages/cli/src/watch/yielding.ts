import { decodeMessage, FrameDecoder, Reason } from '@bluetap/protocol';
import { decodeWire } from '@bluetap/protocol/tools';
import {
  type Channel,
  type ChannelHandlers,
  type Clock,
  type DeviceInfo,
  type Transport,
  TransportError,
} from '@bluetap/transport';

/**
 * Wraps a transport, so that its client gives way to other programs. If the device says that another program has the
 * session, no channel of this transport sends a HELLO any more. Without this, a client would take the session back.
 * @param onTaken Called when the device says this.
 */
export function yielding(transport: Transport, clock: Clock, onTaken: () => void): Transport {
  let taken = false;
  const refuseTaken = ({ id }: DeviceInfo): void => {
    if (taken) throw new TransportError('busy', `${id}: another program has the session`);
  };
  return {
    name: transport.name,
    list: (options) => transport.list(options),
    async open(device, handlers, options) {
      refuseTaken(device);
      /** The session of the last STATUS. HID also delivers the replies for other programs, which must not count. */
      let asked: number | undefined;
      const decoder = new FrameDecoder({
        onFrame: (frame) => {
          const decoded = decodeMessage(frame);
          if (!decoded.ok || taken) return;
          const { message } = decoded;
          if (message.type !== 'STATUS_REPLY' || message.session !== asked) return;
          if (message.result === 'SUCCESS' || message.reason !== Reason.NO_SUCH_SESSION) return;
          taken = true;
          onTaken();
        },
      });
      const heard: ChannelHandlers = {
        onData: (bytes) => {
          decoder.push(bytes, clock.now());
          handlers.onData(bytes);
        },
        onClose: (error) => handlers.onClose(error),
      };
      const channel = await transport.open(device, heard, options);
      return {
        async write(bytes, options) {
          for (const decoded of decodeWire(bytes)) {
            if (!decoded.ok) continue;
            const { type, session } = decoded.message;
            if (type === 'STATUS') asked = session;
            if (type === 'HELLO') refuseTaken(device);
          }
          await channel.write(bytes, options);
        },
        close: () => channel.close(),
      } satisfies Channel;
    },
  };
}
