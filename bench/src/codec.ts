import { deepEqual } from 'node:assert/strict';
import { decodeMessage, encodeMessage, FrameDecoder, type Message } from '@bluetap/protocol';
import { type Framing, ours, plain } from './framing.js';
import { cborIntegerKeys } from './peers/cbor.js';
import type { PayloadCodec } from './peers/codec.js';
import { json } from './peers/json.js';
import { mavlink } from './peers/mavlink.js';
import { msgpackRecord } from './peers/msgpack.js';
import { protobufStatic } from './peers/protobuf.js';
import { bestOf, type Contender, measure } from './side-by-side.js';
import { SECTION, TARGET } from './tables/names.js';
import { type Section, times } from './tables/table.js';
import { type Command, commands, validate } from './workload/commands.js';

interface Codec {
  readonly name: string;
  encode(command: Command): Uint8Array;
  decode(wire: Uint8Array): unknown;
}

/** The number of passes through all commands in one measurement, which then takes about half a millisecond. */
const REPEATS = 8;

const payloadCodecs: readonly PayloadCodec[] = [protobufStatic, msgpackRecord, cborIntegerKeys, json];

/** Measures how our codec and its peers encode and decode the same PayCommands. */
export function codec(rounds: number): Section {
  const plainly = compare(payloadCodecs.map(withDuty(plain)).concat(validated(mavlink)), rounds);
  const kindly = compare(
    payloadCodecs.map((peer) => withDuty(ours())(peer)),
    rounds,
  );
  const bare = compare(payloadCodecs, rounds);
  return {
    title: SECTION.codec,
    tables: [
      table(`Equal duty: validation, and ${plain.name}`, plainly),
      table('Equal duty, the frame made and read by @bluetap/protocol around the payload of the peer', kindly),
      table('Payload only: the peers without frame, CRC and validation, and ours with all of them', bare),
    ],
    targets: [
      { name: TARGET.encode, target: 2, value: bestOf(plainly.encode) },
      { name: TARGET.decode, target: 1.5, value: bestOf(plainly.decode) },
    ],
  };
}

function compare(peers: readonly Codec[], rounds: number) {
  const all = [bluetap(), ...peers];
  for (const codec of all) check(codec);
  const wires = all.map((codec) => commands.map((command) => codec.encode(command)));
  const per = commands.length * REPEATS;
  const encoders = all.map(({ name, encode }): Contender => ({ name, run: () => each(commands, encode) }));
  const decoders = all.map(({ name, decode }, index): Contender => ({ name, run: () => each(wires[index]!, decode) }));
  return {
    bytes: wires.map(([first]) => first!.length),
    encode: measure(encoders, per, rounds),
    decode: measure(decoders, per, rounds),
  };
}

function table(caption: string, { bytes, encode, decode }: ReturnType<typeof compare>) {
  return {
    caption,
    head: ['', 'bytes', 'encode, ns', 'ratio', 'decode, ns', 'ratio'],
    rows: encode.map(({ name, ns, ratio }, index) => {
      const decoded = decode[index]!;
      return [name, `${bytes[index]}`, ns.toFixed(0), times(ratio), decoded.ns.toFixed(0), times(decoded.ratio)];
    }),
  };
}

function bluetap(): Codec {
  const found: { message: Message | undefined } = { message: undefined };
  // The SDK reads a line in the same way: one decoder finds the frame and passes it on.
  const decoder = new FrameDecoder({
    onFrame(frame) {
      const decoded = decodeMessage(frame);
      if (decoded.ok) found.message = decoded.message;
    },
  });
  return {
    name: '@bluetap/protocol',
    encode: encodeMessage,
    decode(wire) {
      found.message = undefined;
      decoder.push(wire);
      if (!found.message) throw new Error('damaged');
      return found.message;
    },
  };
}

const withDuty =
  ({ frame, unframe }: Framing) =>
  ({ name, encode, decode }: PayloadCodec): Codec => ({
    name,
    encode(command) {
      validate(command);
      return frame(command.session, command.sequence, encode(command));
    },
    decode(wire) {
      const { session, sequence, payload } = unframe(wire);
      const { paymentMethod, amount, orderId, expiryTime } = decode(payload);
      const command = { type: 'PAY', session, sequence, paymentMethod, amount, orderId, expiryTime };
      validate(command);
      return command;
    },
  });

const validated = ({ name, encode, decode }: typeof mavlink): Codec => ({
  name,
  encode(command) {
    validate(command);
    return encode(command);
  },
  decode(wire) {
    const command = decode(wire);
    validate(command);
    return command;
  },
});

/** Checks that a codec decodes what it encoded, because a wrong codec could be fast. */
function check({ encode, decode }: Codec): void {
  for (const command of commands) {
    const { paymentMethod, amount, orderId, expiryTime } = decode(encode(command)) as Command;
    deepEqual({ ...command, paymentMethod, amount, orderId, expiryTime }, command);
  }
}

/** V8 does not compute a result that no code reads. So the last result stays readable here. */
export let kept: unknown;

function each<T>(inputs: readonly T[], work: (input: T) => unknown): void {
  for (let repeat = 0; repeat < REPEATS; repeat++) for (const input of inputs) kept = work(input);
}
