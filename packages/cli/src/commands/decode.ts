import { FrameDecoder, type FrameErrorCode } from '@bluetap/protocol';
import { type DecodedWire, decodeWire, EVENT_BIT, explainWire, REPLY_BIT } from '@bluetap/protocol/tools';
import { describeReason } from '@bluetap/sdk';
import { Command } from 'commander';
import { explanationText } from '../decode/explanation.js';
import { parseHex } from '../input/hex.js';
import { note, print, printJson } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';

export function decodeCommand(): Command {
  return new Command('decode')
    .summary('print the message in wire bytes as JSON')
    .description(
      'Print the message of one frame as JSON. If the frame is damaged or its message is not valid, print the error as JSON and exit with code 1.',
    )
    .argument('<hex>', 'wire bytes in hex, with or without spaces or colons between the bytes')
    .option('--explain', 'print each byte and what it is, as a table for a person, in place of the JSON')
    .addHelpText(
      'after',
      `
Examples:
  bluetap decode 00150102ffffff0109545255454d4f4e455914b87e1d00
  bluetap decode --explain 00150102ffffff0109545255454d4f4e455914b87e1d00`,
    )
    .action((hex: string, { explain: toExplain }: { explain?: true }) => {
      const wire = bytesOf(hex);
      const found = decodeOne(wire);
      if (toExplain) print(explanationText(wire, explainWire(wire)));
      else printJson(found.ok ? found.message : found.error);
      if (found.ok) return;
      note(`bluetap: ${explain(found.error, wire)}`);
      process.exitCode = ExitCode.FAILED;
    });
}

function bytesOf(hex: string): Uint8Array {
  try {
    return parseHex(hex);
  } catch (error) {
    throw new Failure(ExitCode.PARAM_ILLEGAL, `HEX must be pairs of hex digits, but ${(error as Error).message}`);
  }
}

/** @throws Failure (exit code 1) unless there is exactly one frame. */
export function decodeOne(wire: Uint8Array): DecodedWire {
  const found = decodeWire(wire);
  if (found.length === 1) return found[0]!;
  const what =
    found.length === 0
      ? `There is no frame in ${wire.length === 1 ? '1 byte' : `${wire.length} bytes`}: only delimiters (00), or nothing.`
      : `There are ${found.length} frames, not one. Separate them at the delimiters (00) and decode each frame alone.`;
  throw new Failure(ExitCode.FAILED, what);
}

const FRAME_ERRORS: Record<FrameErrorCode, string> = {
  crc: 'the CRC does not match the bytes',
  'too-short': 'it is shorter than a header and a CRC',
  cobs: 'its last COBS block runs past its end',
  oversize: 'it is longer than 128 encoded bytes',
  incomplete: 'its closing delimiter (00) is missing',
};

function explain(error: (DecodedWire & { ok: false })['error'], wire: Uint8Array): string {
  if (error.layer === 'frame') {
    return `The frame is damaged: ${FRAME_ERRORS[error.code]}. A receiver drops it without an answer.`;
  }
  const answer = isFromDevice(wire)
    ? 'Its type is the type of a reply or an event: a host ignores it, and a device drops it without an answer.'
    : `A device answers ${error.result}, reason ${error.reason}.`;
  return `The frame is not damaged, but its message is not valid: ${describeReason(error.reason)}. ${answer}`;
}

/** True if the frame in these bytes has the type of a reply or an event, in any version. */
function isFromDevice(wire: Uint8Array): boolean {
  let type = 0;
  const decoder = new FrameDecoder({
    onFrame: (frame) => {
      type = frame.type;
    },
  });
  decoder.push(wire);
  return (type & (REPLY_BIT | EVENT_BIT)) !== 0;
}
