import type { PayCommand } from '@bluetap/sdk';

/** A general codec. It makes a payload from the four fields of a PayCommand, without frame, CRC and validation. */
export interface PayloadCodec {
  readonly name: string;
  encode(command: Required<PayCommand>): Uint8Array;
  decode(payload: Uint8Array): Required<PayCommand>;
}
