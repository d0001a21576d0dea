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
 * The transport, giving way to other programs: once the device has said that another one has its session, no HELLO goes
 * out any more, on this channel or another. A client by itself would take the session back.
 * @param onTaken Called when the device has said so.
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
      /** Of the question under way. Another program's refusals can be heard as well: HID tells everyone everything. */
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
