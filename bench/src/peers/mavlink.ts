import type { PayCommand } from '@bluetap/sdk';
import { MavLinkData, MavLinkPacketField, MavLinkProtocolV2, x25crc } from 'node-mavlink';
import type { Command } from '../workload/commands.js';

/**
 * PAY as a MAVLink message. Its fields have fixed positions. The number is first, because MAVLink sorts fields by size.
 */
class Pay extends MavLinkData {
  static override MSG_ID = 4242;
  static override MSG_NAME = 'PAY';
  static override PAYLOAD_LENGTH = 42;
  static override MAGIC_NUMBER = 77;
  static override FIELDS = [
    new MavLinkPacketField('expiry_time', 'expiryTime', 0, false, 4, 'uint32_t', 's'),
    new MavLinkPacketField('session', 'session', 4, false, 2, 'uint16_t', ''),
    new MavLinkPacketField('payment_method', 'paymentMethod', 6, false, 1, 'char[]', '', 12),
    new MavLinkPacketField('amount', 'amount', 18, false, 1, 'char[]', '', 8),
    new MavLinkPacketField('order_id', 'orderId', 26, false, 1, 'char[]', '', 16),
  ];
  expiryTime = 0;
  session = 0;
  paymentMethod = '';
  amount = '';
  orderId = '';
}

const protocol = new MavLinkProtocolV2();

/** MAVLink has its own frame and its own CRC of 16 bits, so it gets no other frame. */
export const mavlink = {
  name: 'node-mavlink v2',
  encode(command: Command): Uint8Array {
    const pay = new Pay();
    pay.expiryTime = command.expiryTime;
    pay.session = command.session;
    pay.paymentMethod = command.paymentMethod;
    pay.amount = command.amount;
    pay.orderId = command.orderId;
    return protocol.serialize(pay, command.sequence);
  },
  decode(wire: Uint8Array): Command {
    const buffer = Buffer.from(wire.buffer, wire.byteOffset, wire.length);
    const { seq } = protocol.header(buffer);
    if (x25crc(buffer, 1, 2, Pay.MAGIC_NUMBER) !== protocol.crc(buffer)) throw new Error('crc');
    const { session, paymentMethod, amount, orderId, expiryTime } = protocol.data(protocol.payload(buffer), Pay);
    const method = paymentMethod as PayCommand['paymentMethod'];
    return { type: 'PAY', session, sequence: seq, paymentMethod: method, amount, orderId, expiryTime };
  },
};
