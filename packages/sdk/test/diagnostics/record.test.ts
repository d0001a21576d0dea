import { corruptReplies, Emulator, VirtualClock } from '@bluetap/emulator';
import { encodeMessage, type Message } from '@bluetap/protocol';
import { encodeFrame } from '@bluetap/protocol/tools';
import { TransportError } from '@bluetap/transport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sdkVersion } from '../../src/diagnostics/environment.js';
import { environment, type RecordOptions, record } from '../../src/diagnostics/index.js';
import { MAX_REMEMBERED } from '../../src/diagnostics/redactor.js';
import { BlueTapError, Client, type PayCommand, ResultCode } from '../../src/index.js';
import { counting, order, within } from '../rig.js';
import { ends, HandTransport } from './harness.js';

function collected() {
  const lines: string[] = [];
  return { text: () => lines.join(''), write: (line: string) => void lines.push(line) };
}

/** A record of a channel that a test controls. */
async function recordByHand(options: Partial<RecordOptions> = {}) {
  const { text, write } = collected();
  const clock = new VirtualClock();
  const inner = new HandTransport();
  const recording = record(inner, { about: {}, clock, write, ...options });
  const host = ends();
  const channel = await recording.transport.open(inner.device, host.handlers);
  return { ...host, clock, inner, channel, recording, text, lines: () => linesOf(text()) };
}

/** The lines after the header, without the time, from `from` on. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(12));
}

/** The record of a whole session: a device is found, pays, is asked for its status, tapped, cancelled and lost. */
async function recordSession(command: PayCommand, redact: boolean): Promise<string> {
  const { text, write } = collected();
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock, random: counting(7) });
  const { transport, logger, end } = record(emulator.transport(), {
    about: { date: 'today' },
    clock,
    redact,
    write,
  });
  const client = new Client({ transport, logger, redact: false, clock, random: counting(1000) });
  await within(clock, 0, client.pay(command));
  await within(clock, 0, client.status());
  emulator.tap();
  await clock.advance(1.5);
  await within(clock, 0, client.cancel({ ...(command.orderId !== undefined && { orderId: command.orderId }) }));
  emulator.unplug();
  await clock.advance(0);
  emulator.plug();
  await clock.advance(1000);
  await within(clock, 1000, client.close());
  end();
  return text();
}

describe('record', () => {
  it('writes a session as text that a person can read', async () => {
    expect(await recordSession(order, true)).toMatchInlineSnapshot(`
      "# BlueTap session record
      # date: today
      # transport: emulator
      # redacted: amounts and order ids, in the fields (the same value has the same placeholder) and in the hex (.. for each
      #   byte, so lengths show). Hidden with them in the hex: values that this version does not know, and the CRC and the COBS
      #   codes, from which they could be computed. Of a frame that cannot be decoded no byte is shown
      # not redacted: serial numbers, device ids, paths and addresses, payment methods, times, the texts of errors
      # columns: ms since the start; > to the device, < from it, - an event; of a frame its type, session/sequence and fields,
      #   then | and its bytes on the wire. A frame from the device has the time of its last byte; padding is left out
            0.000 - info PAY asked for paymentMethod=TRUEMONEY amount=<amount-1> orderId=<order-1>
            0.000 - listed: emulator:1 (serial number EMU-0001, simulated)
            0.000 - opening emulator:1
            0.000 - opened emulator:1
            0.000 > HELLO 0/0 nonce=0x000003e8 | 000301010101052004e803010567b30ea100
            0.000 < HELLO_REPLY 9/0 result=SUCCESS state=idle nonce=0x000003e8 model=BT-EMU firmware=1.0.0 serialNumber=EMU-0001 bootId=0x00000007 simulated=true | 000401810901031001031201052004e803011d210642542d454d552205312e302e302308454d552d303030312404070101082501019d8f0e9700
            0.000 - info session opened model=BT-EMU firmware=1.0.0 serialNumber=EMU-0001 bootId=7 simulated=true id=emulator:1 session=9 state=idle taps=0
            0.000 > PAY 9/1 paymentMethod=TRUEMONEY amount=<amount-1> orderId=<order-1> | 0004010209..010109545255454d4f4e45590206............0309..........................00
            0.000 < PAY_REPLY 9/1 result=SUCCESS state=ready remaining=900 | 0004018209040110010812010113048403010554ab775000
            0.000 - info PAY settled code=SUCCESS outcome=executed linkLive=yes
            0.000 > STATUS 9/2 | 0004010409060226f46a7a00
            0.000 < STATUS_REPLY 9/2 paymentMethod=TRUEMONEY amount=<amount-1> orderId=<order-1> result=SUCCESS state=ready remaining=900 | 0004018409..020109545255454d4f4e45590206............0309..................1001081201011304840301..........00
            0.000 < LINK 9/1 orderId=<order-1> state=ready taps=1 | 0004014109..010309..................120101140101........00
            0.000 - info the payment link changed state=ready taps=1 orderId=<order-1>
            1.500 - info CANCEL asked for orderId=<order-1>
            1.500 > CANCEL 9/3 orderId=<order-1> | 0004010309..030309..........................00
            1.500 < CANCEL_REPLY 9/3 result=SUCCESS state=cancelled taps=1 | 0004018309040310010b1201031401012b6396fe00
            1.500 - info CANCEL settled code=SUCCESS outcome=executed linkLive=no
            1.500 - lost emulator:1: TransportError disconnected: simulated device EMU-0001 was unplugged: call plug()
            1.500 - warn disconnected error="TransportError disconnected: simulated device EMU-0001 was unplugged: call plug()"
            1.500 - the transport says that devices may have changed
            1.500 - listed: nothing
            1.500 - debug no session yet transport=emulator error="emulator: no BlueTap device. Check its cable and its power."
            1.500 - the transport says that devices may have changed
            1.500 - listed: emulator:2 (serial number EMU-0001, simulated)
            1.500 - opening emulator:2
            1.500 - opened emulator:2
            1.500 > HELLO 0/0 nonce=0x000003e9 | 000301010101052004e9030105df194b7c00
            1.500 < HELLO_REPLY 10/0 result=SUCCESS state=cancelled taps=1 nonce=0x000003e9 model=BT-EMU firmware=1.0.0 serialNumber=EMU-0001 bootId=0x00000007 simulated=true lastCommand=9/3 | 000401810a010310010b1201031401012004e903011d210642542d454d552205312e302e302308454d552d303030312404070101072501012603090603f5a2ef2e00
            1.500 - info session opened model=BT-EMU firmware=1.0.0 serialNumber=EMU-0001 bootId=7 simulated=true id=emulator:2 session=10 state=cancelled taps=1
         1001.500 - closed emulator:2
         2001.500 - the record ends
      "
    `);
  });

  it('contains amounts and order ids only if redact is false', async () => {
    const text = await recordSession(order, false);
    expect(text).toContain('# NOT REDACTED: this record contains amounts and order ids');
    expect(text).toContain(' info PAY asked for paymentMethod=TRUEMONEY amount=120.00 orderId=POS1-0042\n');
    const pay = hexOf({ type: 'PAY', session: 9, sequence: 1, ...order });
    expect(text).toContain(` > PAY 9/1 paymentMethod=TRUEMONEY amount=120.00 orderId=POS1-0042 | ${pay}\n`);
  });

  it('contains the work of the transport, and its failures', async () => {
    const { recording, inner, channel, lines, closes, clock } = await recordByHand();
    const { transport } = recording;
    await transport.list();
    inner.list = async () => [];
    await transport.list();
    inner.failing = { write: new TransportError('timeout', 'hand:1 takes no bytes') };
    await expect(channel.write(encodeMessage({ type: 'STATUS', session: 1, sequence: 2 }))).rejects.toThrow();
    inner.failing = { open: new Error('broken', { cause: new Error('rust') }) };
    await expect(transport.open({ id: 'a b', serialNumber: 'S' }, ends().handlers)).rejects.toThrow('broken');
    inner.failing = { open: 'not even an error' };
    await expect(transport.open(inner.device, ends().handlers)).rejects.toBe('not even an error');
    transport.watch!(() => {});
    inner.change();
    inner.handlers.onData(
      encodeMessage({ type: 'PAY_REPLY', session: 1, sequence: 2, result: 'PROCESS_FAIL', reason: 6, state: 'idle' }),
    );
    inner.handlers.onData(Uint8Array.of(0, 1, 2));
    await clock.advance(12.3456);
    inner.handlers.onClose(new TransportError('disconnected', 'unplugged,\n\u001b[31mred', { cause: 'string' }));
    expect(lines()).toEqual([
      '- opening hand:1',
      '- opened hand:1',
      '- listed: hand:1',
      '- listed: nothing',
      `> STATUS 1/2 | ${hexOf({ type: 'STATUS', session: 1, sequence: 2 })}`,
      '- writing failed: TransportError timeout: hand:1 takes no bytes',
      '- opening "a b"',
      '- opening "a b" failed: Error: broken (cause: Error: rust)',
      '- opening hand:1',
      '- opening hand:1 failed: not even an error',
      '- the transport says that devices may have changed',
      expect.stringMatching(
        /^< PAY_REPLY 1\/2 result=PROCESS_FAIL reason=6 \(the NFC part of the device failed\) state=idle \| 00/,
      ),
      '< DROPPED incomplete: its closing 00 did not come; 2 encoded bytes',
      '- lost hand:1: TransportError disconnected: unplugged,\\u000a\\u001b[31mred',
    ]);
    expect(closes).toHaveLength(1);
  });
});

describe('bytes that are not a message', () => {
  /** Two frames that are no messages, damaged frames, and a frame without an end. Each contains an order id. */
  const secret = 'POS1-0042';
  const text = (tag: number) => Uint8Array.from([tag, secret.length, ...Buffer.from(secret)]);
  const parts = { type: 2, session: 7, sequence: 1, payload: text(3) };
  const whole = encodeFrame(parts);
  const damaged = whole.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  const long = new Uint8Array(140).fill(0x55);
  const dropped: [why: string, bytes: Uint8Array][] = [
    ['crc: the CRC does not match the bytes; 21 encoded bytes', damaged],
    ['too-short: it is shorter than a header and a CRC; 1 encoded byte', Uint8Array.of(1, 0)],
    ['cobs: its last COBS block runs past its end; 3 encoded bytes', Uint8Array.of(9, 9, 9, 0)],
    ['oversize: it is longer than 128 encoded bytes; 140 encoded bytes', Uint8Array.of(...long, 0)],
    ['unknown-type: no message has its type; type 0x33 7/1, 21 encoded bytes', encodeFrame({ ...parts, type: 0x33 })],
    [
      'unknown-version: it is of another version of the protocol; version 2, 21 encoded bytes',
      encodeFrame({ ...parts, version: 2 }),
    ],
    ['missing-field: a required field is missing; type 0x02 7/1, 21 encoded bytes', whole],
  ];

  it.each(dropped)('%s, and no byte of it is shown', async (why, bytes) => {
    const { inner, lines } = await recordByHand();
    inner.handlers.onData(bytes);
    expect(lines().at(-1)).toBe(`< DROPPED ${why}`);
  });

  it.each(dropped)('%s, and its bytes where nothing is hidden', async (why, bytes) => {
    const { inner, lines } = await recordByHand({ redact: false });
    inner.handlers.onData(bytes);
    const wire =
      bytes.length > 128
        ? `00${'55'.repeat(129)} and 11 more`
        : Buffer.from(bytes)
            .toString('hex')
            .replace(/^(?!00)/, '00');
    expect(lines().at(-1)).toBe(`< DROPPED ${why} | ${wire}`);
  });

  it('a value that this version does not know is hidden, and the rest of its message is not', async () => {
    const { inner, lines } = await recordByHand();
    const payload = Uint8Array.from([0x12, 1, 1, ...text(0x40)]);
    inner.handlers.onData(encodeFrame({ type: 0x41, session: 0x101, sequence: 1, payload }));
    expect(lines().at(-1)).toBe(`< LINK 257/1 state=ready | 00..0141010101120101${'4009'}${'..'.repeat(9)}........00`);
  });
});

describe('private values', () => {
  const orderId = (length: number) => fc.stringMatching(new RegExp(`^[!-~]{${length}}$`));
  const amount = (length: number, point: number) =>
    fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)).map((digits) => {
      const at = length > 2 ? 1 + (point % (length - 2)) : 0;
      return at > 0 && point % 3 > 0 ? `${digits.slice(0, at)}.${digits.slice(at + 1)}` : digits;
    });
  const pairOf = <T>(one: fc.Arbitrary<T>) => fc.tuple(one, one);
  /** Two commands that differ only in their values, and not in the lengths. */
  const twins = fc
    .tuple(
      fc.option(fc.integer({ min: 1, max: 16 }).chain((length) => pairOf(orderId(length)))),
      fc.option(
        fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(20)).chain(([length, point]) => pairOf(amount(length, point))),
      ),
      fc.option(fc.integer({ min: 1, max: 0x7fffffff })),
    )
    .map(([ids, amounts, expiryTime]) =>
      ([0, 1] as const).map((at) => ({
        paymentMethod: 'SEVEN_11' as const,
        ...(ids && { orderId: ids[at] }),
        ...(amounts && { amount: amounts[at] }),
        ...(expiryTime && { expiryTime }),
      })),
    );

  it('leave no trace in the record of a session: with other values of the same lengths, the record is the same', async () => {
    await fc.assert(
      fc.asyncProperty(twins, async ([one, other]) => {
        expect(await recordSession(one!, true)).toBe(await recordSession(other!, true));
      }),
      { numRuns: 30 },
    );
  });

  it('leave no trace in any message in any pieces, for every session and sequence', async () => {
    const header = fc.record({ session: fc.nat(0xffff), sequence: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(twins, header, fc.array(fc.nat(80)), async (commands, head, cuts) => {
        const [one, other] = await Promise.all(
          commands.map(async ({ orderId, amount, ...rest }) => {
            const { inner, channel, text } = await recordByHand();
            const order = { ...(orderId !== undefined && { orderId }) };
            const pay = encodeMessage({
              type: 'PAY',
              ...head,
              ...rest,
              ...order,
              ...(amount !== undefined && { amount }),
            });
            const link1 = encodeMessage({ type: 'LINK', ...head, state: 'ready', ...order });
            await channel.write(pay);
            const all = Uint8Array.from([...link1, ...pay]);
            const places = [0, ...cuts.sort((a, b) => a - b), all.length];
            for (const [at, place] of places.entries()) inner.handlers.onData(all.subarray(place, places[at + 1]));
            return text();
          }),
        );
        expect(one).toBe(other);
      }),
      { numRuns: 50 },
    );
  });

  it('leave no trace if the COBS code of a visible zero points at a zero in the CRC', async () => {
    const reply = (orderId: string) =>
      encodeMessage({
        ...{ type: 'STATUS_REPLY', session: 9, sequence: 2, result: 'SUCCESS', state: 'ready' },
        ...{ remaining: 900, paymentMethod: 'TRUEMONEY', orderId },
      } as Message);
    // The last byte of `remaining` is a zero. Its code is 1 if the CRC begins with another zero.
    const code = (wire: Uint8Array) => wire.at(-6);
    const ids = Array.from({ length: 9000 }, (_, count) => `A${1000 + count}`);
    const pointing = ids.find((id) => code(reply(id)) === 1)!;
    const passing = ids.find((id) => code(reply(id)) === 5)!;
    const [one, other] = await Promise.all(
      [pointing, passing].map(async (id) => {
        const { inner, text } = await recordByHand();
        inner.handlers.onData(reply(id));
        return text();
      }),
    );
    expect(one).toContain('orderId=<order-1>');
    expect(one).toBe(other);
  });

  it('leave no trace in a damaged message, as text or as hex', async () => {
    const secrets = fc.record({
      orderId: fc.stringMatching(/^[~!@#$%^&*{}]{6,16}$/),
      amount: fc.stringMatching(/^[0-9]{4}\.[0-9]{3}$/),
    });
    const damage = fc.array(fc.tuple(fc.nat(100), fc.nat(255), fc.constantFrom('set', 'drop', 'insert')), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(secrets, damage, async (values, wounds) => {
        const { inner, text } = await recordByHand();
        const bytes = [
          ...encodeMessage({ type: 'PAY', session: 300, sequence: 9, paymentMethod: 'SEVEN_11', ...values }),
        ];
        for (const [place, byte, how] of wounds) {
          const at = place % bytes.length;
          if (how === 'drop') bytes.splice(at, 1);
          else bytes.splice(at, how === 'set' ? 1 : 0, byte);
        }
        inner.handlers.onData(Uint8Array.from(bytes));
        inner.handlers.onClose();
        for (const value of Object.values(values)) {
          expect(text()).not.toContain(value);
          expect(text()).not.toContain(Buffer.from(value.slice(0, 3)).toString('hex'));
        }
      }),
    );
  });

  it('have the same placeholder for the same value, while the value is remembered', async () => {
    const { channel, lines } = await recordByHand();
    const orders = ['A', 'B', 'A', ...Array.from({ length: MAX_REMEMBERED }, (_, count) => `C${count}`), 'A'];
    for (const orderId of orders)
      await channel.write(encodeMessage({ type: 'CANCEL', session: 1, sequence: 1, orderId }));
    const names = lines().flatMap((line) => /orderId=<order-(\d+)>/.exec(line)?.[1] ?? []);
    expect([...names.slice(0, 3), names.at(-1)]).toEqual(['1', '2', '1', String(MAX_REMEMBERED + 3)]);
  });

  it('are hidden in the log lines of the client too, at any depth', async () => {
    const { recording, lines } = await recordByHand();
    const bad = new BlueTapError(ResultCode.PARAM_ILLEGAL, 'amount must be ..., but is "12,5"', {
      fields: [{ field: 'amount', reason: 3, message: 'must be ..., but is "12,5"' }],
    });
    recording.logger.warn('many', {
      orderId: 'POS1-0042',
      amount: 12.5,
      inner: { orderId: 'POS1-0042', at: [1, null] },
      error: bad,
      no: undefined,
      yes: true,
      text: 'two words',
    });
    recording.logger.error('redacted before', {
      amount: '[redacted]',
      error: new Error('a', { cause: new Error('a') }),
    });
    expect(lines().slice(-2)).toEqual([
      '- warn many orderId=<order-1> amount=<amount-1> inner={"orderId":"<order-1>","at":[1,null]} ' +
        'error="BlueTapError PARAM_ILLEGAL: amount" yes=true text="two words"',
      '- error redacted before amount=[redacted] error="Error: a"',
    ]);
  });
});

describe('a recorder never harms what it records', () => {
  it('with any log lines and any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes),
        fc.string(),
        fc.dictionary(fc.string(), fc.anything()),
        async (all, message, fields) => {
          const { inner, got, recording, text } = await recordByHand();
          for (const chunk of all) inner.handlers.onData(chunk);
          recording.logger.debug(message, fields);
          inner.handlers.onClose();
          expect(got).toEqual(all.flatMap((chunk) => [...chunk]));
          // Each line is one line, and contains nothing that controls a terminal.
          expect(text()).toMatch(/^(?:(?:#| *[0-9.]+ [-<>]) [^\p{Cc}]*\n)+$/u);
        },
      ),
    );
  });

  it('if it cannot write, or cannot read the clock', async () => {
    const { inner, channel, got, closes, clock } = await recordByHand({
      write: () => {
        throw new Error('the disk is full');
      },
    });
    clock.now = () => {
      throw new Error('no time');
    };
    const bytes = encodeMessage({ type: 'STATUS', session: 1, sequence: 1 });
    await channel.write(bytes);
    inner.handlers.onData(bytes);
    await channel.close();
    expect([inner.written, got, closes]).toEqual([[bytes], [...bytes], [undefined]]);
  });

  it('and continues after damaged replies', async () => {
    const clock = new VirtualClock();
    await using emulator = new Emulator({ clock });
    emulator.use(corruptReplies({ type: 'PAY', times: 1 }));
    const { text, write } = collected();
    const { transport } = record(emulator.transport(), { about: {}, clock, write });
    await using client = new Client({ transport, clock });
    expect(await within(clock, 1000, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    const kinds = linesOf(text()).map((line) => line.split(' ').slice(0, 2).join(' '));
    // The flipped bit can turn a byte into a delimiter, and one frame into two damaged frames.
    expect(kinds.slice(kinds.indexOf('> PAY')).join()).toMatch(/^> PAY(,< DROPPED)+,> PAY,< PAY_REPLY$/);
  });

  it('and writes nothing after its end', async () => {
    const { recording, lines } = await recordByHand();
    recording.end();
    recording.end();
    recording.logger.info('too late');
    expect(lines().slice(-2)).toEqual(['- opened hand:1', '- the record ends']);
  });
});

describe('environment', () => {
  it('describes the computer of the record', async () => {
    expect(environment()).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      sdk: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
      platform: expect.stringContaining(`${process.platform} ${process.arch} `),
    });
    const { text, write } = collected();
    record(new HandTransport(), { write });
    expect(text()).toContain(`# node: ${process.version}\n# platform: `);
    expect(text()).toContain('\n# transport: by hand\n');
  });

  it('does not use the manifest of another package', () => {
    expect(sdkVersion(['../../../cli/package.json'])).toBe('unknown');
    expect(sdkVersion(['no-such-file.json'])).toBe('unknown');
  });
});

function hexOf(message: Message): string {
  return Buffer.from(encodeMessage(message)).toString('hex');
}
