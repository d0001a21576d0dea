import type { PayCommand } from '@bluetap/sdk';

/** A general codec, which makes a payload of a PayCommand's four fields: no frame, no CRC, no validation. */
export interface PayloadCodec {
  readonly name: string;
  encode(command: Required<PayCommand>): Uint8Array;
  decode(payload: Uint8Array): Required<PayCommand>;
}
