import { Encoder } from 'cbor-x';
import type { PayloadCodec } from './codec.js';

const encoder = new Encoder({ keyMap: { paymentMethod: 1, amount: 2, orderId: 3, expiryTime: 4 }, useRecords: false });

export const cborIntegerKeys: PayloadCodec = {
  name: 'cbor-x, integer keys',
  encode: ({ paymentMethod, amount, orderId, expiryTime }) =>
    encoder.encode({ paymentMethod, amount, orderId, expiryTime }),
  decode: (payload) => encoder.decode(payload),
};
