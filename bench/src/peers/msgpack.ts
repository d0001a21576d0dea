import { Packr } from 'msgpackr';
import type { PayloadCodec } from './codec.js';

// Uses records, the fastest form of msgpackr. A record names its fields only once, and both ends share these names.
const packr = new Packr({ structures: [] });

export const msgpackRecord: PayloadCodec = {
  name: 'msgpackr record',
  encode: ({ paymentMethod, amount, orderId, expiryTime }) =>
    packr.pack({ paymentMethod, amount, orderId, expiryTime }),
  decode: (payload) => packr.unpack(payload),
};
