import type { Row } from './row.js';

/** Mistakes in the byte stream: docs/protocol.md section 1. */
export const FRAMING = [
  ['a reply has no leading delimiter', 'R-1', 'nothing'],
  ['a reply has no closing delimiter', 'R-1', 'nothing'],
  ['long padding is answered', 'R-2', 'nothing'],
  ['delimiters are counted in pairs', 'R-2', 'nothing'],
  ['the first frame needs its leading delimiter', 'R-2', 'nothing'],
  ['a frame that comes in two pieces is lost', 'R-2', 'nothing'],
  ['a frame of 129 bytes is read', 'R-3', 'nothing'],
  ['a frame of 128 bytes is lost', 'R-3', 'nothing'],
  ['the rest of a frame that is too long is read', 'R-3', 'nothing'],
  ['the beginning of a frame that is too long is read', 'R-3', 'nothing'],
  ['after a frame that is too long the next one is lost', 'R-3', 'nothing'],
  ['half a frame survives a silence', 'R-4', 'nothing'],
  ['half a frame survives the end of its connection', 'R-4', 'declaration'],
  ['a silence of 200 ms ends a frame', 'R-4', 'nothing'],
  ['a silence does not end a frame that is too long', 'R-4', 'nothing'],
  ['the CRC is not checked', 'R-5', 'nothing'],
  ['half of the CRC is checked', 'R-5', 'nothing'],
  ['damaged COBS is read', 'R-5', 'nothing'],
  ['a frame of 8 bytes is read', 'R-5', 'nothing'],
  ['after a damaged frame the next one is lost', 'R-5', 'nothing'],
  ['a damaged frame is answered', 'R-5', 'nothing'],
  ['replies have the CRC of Ethernet', 'R-5', 'nothing'],
  ['only the first frame of a write is read', 'R-2', 'nothing'],
] as const satisfies readonly Row[];
