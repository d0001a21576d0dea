import protobuf from 'protobufjs';
import type { PayloadCodec } from './codec.js';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Pay {
    string paymentMethod = 1;
    optional string amount = 2;
    optional string orderId = 3;
    optional uint32 expiryTime = 4;
  }
`);
// Makes the same functions as a static module, because pbjs writes the functions that this code generates.
const Pay = root.lookupType('Pay').setup();

export const protobufStatic: PayloadCodec = {
  name: 'protobufjs static',
  encode: (command) => Pay.encode(command).finish(),
  decode: (payload) => Pay.decode(payload) as unknown as ReturnType<PayloadCodec['decode']>,
};
