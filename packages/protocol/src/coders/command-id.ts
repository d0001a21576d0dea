import type { CommandId } from '../schema/message-types.js';
import type { Coder } from './coder.js';
import { isWhole, readU16, writeU16 } from './numbers.js';

/** Coder of the (session, sequence) of a command: u16 and u8. */
export const commandId = (): Coder => ({
  write(value, bytes, at) {
    const { session, sequence } = Object(value) as CommandId;
    if (!isWhole(session, 0, 0xffff) || !isWhole(sequence, 0, 0xff)) return undefined;
    writeU16(session, bytes, at);
    bytes[at + 2] = sequence;
    return at + 3;
  },
  read: (bytes, start): CommandId => ({
    session: readU16(bytes, start),
    sequence: bytes[start + 2]!,
  }),
});
