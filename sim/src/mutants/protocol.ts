import { type Mutant, mutant, protocol } from './mutant.js';

const frame = protocol('framing/frame');
const wrongCrc = 'if (crc32c(bytes, start, payloadEnd) !== crc)';

/** Mistakes in the codec that our encoder and decoder do not hide from each other. */
export const protocolMutants: readonly Mutant[] = [
  // One damaged bit is told as a tap or as another state.
  mutant(
    'the CRC of a LINK is not checked',
    frame,
    wrongCrc,
    'if (bytes[start + 1] !== 0x41 && crc32c(bytes, start, payloadEnd) !== crc)',
  ),
  mutant(
    'the CRC of a frame without a payload is not checked',
    frame,
    wrongCrc,
    'if (payloadEnd > payload && crc32c(bytes, start, payloadEnd) !== crc)',
  ),
  mutant(
    'LINK has no taps',
    protocol('schema/messages'),
    "fields: ['state', 'taps?', 'order id?']",
    "fields: ['state', 'order id?']",
  ),
  // The reply to CANCEL, with the state cancelled, counts as unreadable.
  mutant(
    'the last name of a list is not known to the decoder',
    protocol('coders/choice'),
    'read: (bytes, start) => choices[bytes[start]],',
    'read: (bytes, start) => (bytes[start] < choices.length - 1 ? choices[bytes[start]] : undefined),',
  ),
  mutant(
    'the last command loses the highest bit of its sequence number',
    protocol('coders/command-id'),
    'sequence: bytes[start + 2],',
    'sequence: bytes[start + 2] & 0x7f,',
  ),
  mutant(
    'the last command loses the highest bit of its session number',
    protocol('coders/command-id'),
    'session: readU16(bytes, start),',
    'session: readU16(bytes, start) & 0x7fff,',
  ),
  mutant(
    'a frame that comes in two chunks is dropped',
    protocol('framing/frame-decoder'),
    'if (chunk.length > 0)\n            this.#lastByte = now;',
    '',
  ),
];
