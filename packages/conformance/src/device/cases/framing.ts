import { MessageType } from '@bluetap/protocol';
import { crc32c, tagOf } from '@bluetap/protocol/tools';
import type { DeviceCase } from '../probe/device-case.js';
import { cobsWire, fieldsOf, joined, request, type Sent, u32 } from '../probe/frames.js';
import { must, NotShown } from '../probe/outcomes.js';
import type { RawSession } from '../probe/raw-session.js';

const PADDING = new Uint8Array(200);
/** One packet of USB, so that half a frame reaches the device as it is on every transport. */
const PACKET = 64;
/** An unknown field that may be skipped. */
const SKIPPED = 0x7f;

/** A STATUS of 128 encoded bytes: the longest frame that there is. */
function longestStatus(session: RawSession): Sent {
  return session.request(MessageType.STATUS, fieldsOf([SKIPPED, new Uint8Array(116).fill(0x55)]));
}

/** A STATUS with so many encoded bytes, at least 12. */
function statusOf(session: RawSession, encoded: number): Sent {
  return session.request(MessageType.STATUS, fieldsOf([SKIPPED, new Uint8Array(encoded - 12).fill(0x55)]));
}

/** Bytes that a receiver has too many of. */
function noise(length: number): Uint8Array {
  return new Uint8Array(length).fill(0x55);
}

/** The encoded bytes and the closing delimiter, without the opening one. */
function unopened({ wire }: Sent): Uint8Array {
  return wire.subarray(1);
}

/** Whether what the device writes is frames. It comes first, because everything else needs it. */
export const DELIMITER_CASES: readonly DeviceCase[] = [
  {
    name: 'a reply stands between two delimiters of its own',
    rules: ['R-1', 'R-5'],
    did: 'It sent HELLO, STATUS, a request of an unknown type and STATUS, and looked at the delimiters of the replies.',
    expected: 'four replies, each with a 00 before it and a 00 after it, and nothing else',
    async run(probe) {
      const line = await probe.reopen();
      line.beginCase();
      const nonce = probe.nonce();
      const hello = probe.helloRequest(nonce);
      const first = await probe.exchange(line, hello);
      const session = probe.opened(line, hello, first, nonce);
      const replies = [first];
      for (const sent of [session.status(), session.request(0x05, fieldsOf()), session.status()]) {
        replies.push(await session.ask(sent));
      }
      const bare = replies.findIndex(({ opened }) => !opened);
      must(bare < 0, `reply ${bare + 1} has no 00 of its own before it`, 'a 00 before and a 00 after each reply');
      must(line.noise === 0, `${line.noise} pieces came that are no frame`, 'nothing but frames and padding');
      return 'four replies came, each between two delimiters';
    },
  },
];

/** How bytes become frames. docs/protocol.md section 1. */
export const FRAMING_CASES: readonly DeviceCase[] = [
  {
    name: 'padding has any length and no meaning',
    rules: ['R-2'],
    did: 'It sent a STATUS between runs of 200 bytes 00, and 600 bytes 00 alone.',
    expected: 'one answer for the STATUS, and none for padding',
    async run(probe) {
      const session = await probe.open();
      await session.line.send(joined(PADDING, PADDING, PADDING));
      const status = session.status();
      await session.accepted({ ...status, wire: joined(PADDING, status.wire, PADDING) });
      await session.accepted(session.status());
      return 'each STATUS was answered once, and padding was not answered';
    },
  },
  {
    name: 'one delimiter between two frames is enough',
    rules: ['R-2'],
    did: 'It sent two STATUS with one 00 between them.',
    expected: 'an answer to both, in their order',
    async run(probe) {
      const session = await probe.open();
      const first = session.status();
      const second = session.status();
      await session.accepted({ ...first, wire: joined(first.wire, unopened(second)) });
      const reply = await session.line.next();
      must(reply?.frame.sequence === second.sequence, `${second.what} was not answered`, `an answer to ${second.what}`);
      return 'both were answered in their order';
    },
  },
  {
    name: 'several requests in one write are answered one after the other',
    rules: ['R-2', 'R-54'],
    did: 'It sent STATUS, PAY, STATUS, CANCEL and STATUS in one write.',
    expected: 'five answers in the order of the requests',
    async run(probe) {
      const session = await probe.open();
      const sent = [session.status(), session.pay(), session.status(), session.cancel(), session.status()];
      await session.line.send(joined(...sent.map(({ wire }) => wire)));
      const sequences: (number | undefined)[] = [];
      for (const _ of sent) sequences.push((await session.line.next())?.frame.sequence);
      must(
        sequences.every((sequence, at) => sequence === sent[at]!.sequence),
        `the answers have the sequences ${sequences.join(', ')}`,
        `answers with the sequences ${sent.map(({ sequence }) => sequence).join(', ')}`,
      );
      return 'all five were answered in their order';
    },
  },
  {
    name: 'the first frame of a connection may lack its opening delimiter',
    rules: ['R-2'],
    did: 'It opened a connection and sent a HELLO without the leading 00.',
    expected: 'the HELLO is accepted',
    async run(probe) {
      const line = await probe.reopen();
      const nonce = probe.nonce();
      const hello = probe.helloRequest(nonce);
      const sent = { ...hello, wire: unopened(hello) };
      probe.opened(line, sent, await probe.exchange(line, sent), nonce);
      return 'the HELLO was accepted';
    },
  },
  {
    name: 'the opening delimiter ends noise',
    rules: ['R-2', 'R-5'],
    did: 'It sent noise directly before the opening delimiter of a STATUS, three times.',
    expected: 'the STATUS is answered, and the noise is not',
    async run(probe) {
      const session = await probe.open();
      for (const bytes of [[0xff], [0x55, 0xaa, 0x0d, 0x0a], [0x07, 0x01, 0x04]]) {
        const status = session.status();
        await session.accepted({ ...status, wire: joined(Uint8Array.from(bytes), status.wire) });
      }
      return 'each STATUS was answered';
    },
  },
  {
    name: 'a frame of 128 encoded bytes is read',
    rules: ['R-3', 'R-6'],
    did: 'It sent a STATUS with an unknown field, so that it has 127 and 128 encoded bytes.',
    expected: 'both are accepted',
    async run(probe) {
      const session = await probe.open();
      await session.accepted(statusOf(session, 127));
      await session.accepted(longestStatus(session));
      return 'both were accepted';
    },
  },
  {
    name: 'a longer frame is dropped whole',
    rules: ['R-3', 'R-5'],
    did: 'It sent frames of 129 and 150 encoded bytes with a right CRC, and noise of 119 to 512 bytes that ends or begins as a STATUS.',
    expected: 'no answer to any of them, and an answer to the STATUS after each',
    async run(probe) {
      const session = await probe.open();
      for (const encoded of [129, 150]) {
        const { version, type, session: number, sequence } = session.status();
        const header = [version, type, number & 0xff, number >>> 8, sequence];
        const frame = withCrc([...header, ...fieldsOf([SKIPPED, noise(encoded - 12)])]);
        await session.ignored(cobsWire(frame), `a frame of ${encoded} bytes`);
      }
      for (const length of [1, 20, 200]) {
        const { wire } = longestStatus(session);
        const extended = joined(wire.subarray(0, -1), noise(length), Uint8Array.of(0));
        await session.ignored(extended, `a frame of 128 bytes with ${length} bytes behind it`);
      }
      for (const length of [119, 127, 128, 129, 256, 512]) {
        const hidden = unopened(session.status());
        await session.ignored(joined(Uint8Array.of(0), noise(length), hidden), `noise of ${length} bytes and a STATUS`);
      }
      return 'none of them was answered';
    },
  },
  {
    name: 'a frame with a wrong CRC is dropped',
    rules: ['R-5'],
    did: 'It sent a STATUS and a PAY with one bit flipped, in the header, in the payload and in the CRC.',
    expected: 'no answer, nothing is shown, and the sequences are not used',
    async run(probe) {
      const session = await probe.open();
      const status = session.status();
      for (const at of [1, 4, 5, 8]) await damaged(session, status.wire, at, 'a damaged STATUS');
      const pay = session.pay({}, { sequence: 200 });
      for (const at of [5, 8, 20, pay.wire.length - 6, pay.wire.length - 2]) {
        await damaged(session, pay.wire, at, 'a damaged PAY');
      }
      await session.accepted(session.status(), { state: session.hello.state });
      return 'none of them was answered or executed';
    },
  },
  {
    name: 'a frame that COBS cannot decode is dropped',
    rules: ['R-5'],
    did: 'It sent encoded frames whose codes point behind their end.',
    expected: 'no answer, and an answer to the STATUS after each',
    async run(probe) {
      const session = await probe.open();
      for (const bytes of [[0xff], [0x01, 0x02], [0x05, 1, 2], [0x03, 1, 4, 0x80, 7, 7]]) {
        await session.ignored(Uint8Array.from([0, ...bytes, 0]), 'a frame with a wrong COBS code');
      }
      const { wire } = session.status();
      await session.ignored(
        joined(wire.subarray(0, wire.length - 2), Uint8Array.of(0)),
        'a STATUS without its last byte',
      );
      return 'none of them was answered';
    },
  },
  {
    name: 'a frame shorter than 9 bytes is dropped',
    rules: ['R-5'],
    did: 'It sent frames of 4, 5 and 8 bytes with a right CRC.',
    expected: 'no answer, and an answer to the STATUS after each',
    async run(probe) {
      const session = await probe.open();
      for (const header of [[], [1], [1, MessageType.STATUS, session.number & 0xff, session.number >>> 8]]) {
        await session.ignored(cobsWire(withCrc(header)), `a frame of ${header.length + 4} bytes`);
      }
      return 'none of them was answered';
    },
  },
  {
    name: 'a frame may come byte by byte',
    rules: ['R-2'],
    did: 'It wrote a STATUS one byte at a time.',
    expected: 'the STATUS is accepted',
    async run(probe) {
      const session = await probe.open();
      if (!session.line.takesPieces) throw new NotShown('HID does not carry single bytes of a frame');
      const status = session.status();
      for (const byte of status.wire.subarray(0, -1)) await session.line.send(Uint8Array.of(byte));
      await session.accepted({ ...status, wire: Uint8Array.of(0) });
      return 'it was accepted';
    },
  },
  {
    name: 'a pause within a frame does not end it',
    rules: ['R-4'],
    did: 'It sent the first half of a STATUS, waited 0.5 s and sent the second half.',
    expected: 'the STATUS is accepted',
    async run(probe) {
      const session = await probe.open();
      const status = longestStatus(session);
      await session.line.send(status.wire.subarray(0, PACKET));
      await probe.wait(500);
      await session.accepted({ ...status, wire: status.wire.subarray(PACKET) });
      return 'it was accepted';
    },
  },
  {
    name: 'half a frame is forgotten after a silence',
    rules: ['R-4'],
    did: 'It sent the first half of a STATUS, waited 1.2 s and sent the second half.',
    expected: 'no answer to the STATUS, and an answer to the next one',
    async run(probe) {
      const session = await probe.open();
      const { wire } = longestStatus(session);
      await session.line.send(wire.subarray(0, PACKET));
      await probe.wait(1200);
      await session.ignored(wire.subarray(PACKET), 'the second half of a STATUS');
      return 'the half was forgotten';
    },
  },
  {
    name: 'a silence ends noise that is too long',
    rules: ['R-4'],
    did: 'It sent 192 bytes without a delimiter, waited 1.2 s and sent a STATUS without its leading 00.',
    expected: 'the STATUS is accepted',
    async run(probe) {
      const session = await probe.open();
      await session.line.send(noise(3 * PACKET));
      await probe.wait(1200);
      const status = session.status();
      await session.accepted({ ...status, wire: unopened(status) });
      return 'it was accepted';
    },
  },
  {
    name: 'half a frame is forgotten at the end of its connection',
    rules: ['R-4'],
    did: 'It sent the first half of a HELLO, closed the connection, opened it again and sent the second half.',
    expected: 'no answer to that HELLO, and an answer to the next one',
    async run(probe) {
      await probe.needsClosing();
      const payload = fieldsOf([tagOf('nonce'), u32(probe.nonce())], [SKIPPED, new Uint8Array(110).fill(0x55)]);
      const { wire } = request({ type: MessageType.HELLO, session: 0, sequence: 0, payload });
      await (await probe.line()).send(wire.subarray(0, PACKET));
      const line = await probe.reopen();
      probe.count.countHello();
      await line.send(wire.subarray(PACKET));
      await probe.open(line);
      return 'the half was forgotten';
    },
  },
  {
    name: 'a frame may begin and end anywhere in packets of 64 bytes',
    rules: ['R-8'],
    did: 'It sent STATUS of 62 to 66 and of 126 to 130 bytes with both delimiters, and looked where the replies begin.',
    expected: 'each is answered at once, and each reply begins a report or a transfer',
    async run(probe) {
      const session = await probe.open();
      if (!session.line.hasPackets) throw new NotShown('the connection has neither reports nor transfers');
      for (const length of [62, 63, 64, 65, 66, 126, 127, 128, 129, 130]) {
        const sent = statusOf(session, length - 2);
        const reply = await session.ask(sent);
        must(reply.decoded.ok, `a STATUS of ${length} bytes was not accepted`, 'SUCCESS');
        must(reply.offset === 0, `a reply begins at byte ${reply.offset} of a packet`, 'a reply begins a packet');
      }
      return 'each was answered, at the start of a packet';
    },
  },
];

async function damaged(session: RawSession, wire: Uint8Array, at: number, what: string): Promise<void> {
  const bytes = wire.slice();
  // A flipped bit must not make a delimiter.
  bytes[at]! ^= bytes[at] === 0x80 ? 1 : 0x80;
  await session.ignored(bytes, what);
}

/** Bytes and their CRC, before COBS. */
function withCrc(bytes: readonly number[]): Uint8Array {
  return joined(Uint8Array.from(bytes), u32(crc32c(Uint8Array.from(bytes))));
}
