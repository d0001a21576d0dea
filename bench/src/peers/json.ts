import type { PayloadCodec } from './codec.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const json: PayloadCodec = {
  name: 'JSON and TextEncoder',
  encode: ({ paymentMethod, amount, orderId, expiryTime }) =>
    encoder.encode(JSON.stringify({ paymentMethod, amount, orderId, expiryTime })),
  decode: (payload) => JSON.parse(decoder.decode(payload)),
};
