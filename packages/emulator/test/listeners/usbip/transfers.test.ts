import { loseReplies, stutter } from '@bluetap/emulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STALL, type Submit, UNLINKED, UsbipClient } from './usbip-client.js';
import { HELLO, hello, messagesIn, pay, read, report, status, World } from './world.js';

let world: World;
let client: UsbipClient;
beforeEach(async () => {
  world = await World.open();
  client = await UsbipClient.attached(world.address);
});
afterEach(() => world.close());

const transfers = () => world.server.devices[0]!.transfers;
const functions = [
  ['HID', 1, 'hid'],
  ['bulk', 2, 'bulk'],
  ['CDC', 4, 'cdc'],
] as const;
const outData = (ep: number, frame: Uint8Array) => (ep === 1 ? report(frame) : frame);

describe.each(functions)('%s', (_, ep, name) => {
  test('one PayCommand is one OUT and one IN transfer, and a tap is another IN', async () => {
    const session = await hello(client, ep);
    const before = transfers();
    const waiting = client.submit({ ep, length: ep === 4 ? 128 : 64 });
    const sent = client.submit({ ep, data: outData(ep, pay(session, 1)) });
    // The device accepts the host's bytes before it answers them. The answer to that transfer carries no bytes.
    const taken = await client.next();
    expect(taken).toMatchObject({ seqnum: sent, status: 0, length: outData(ep, pay(session, 1)).length });
    const answer = await client.next();
    expect(answer).toMatchObject({ seqnum: waiting, status: 0 });
    expect(messagesIn(answer.data)).toMatchObject([{ type: 'PAY_REPLY', result: 'SUCCESS', remaining: 900 }]);
    expect(transfers()).toEqual({ ...before, [name]: { in: before[name].in + 1, out: before[name].out + 1 } });

    world.emulator.tap();
    expect(await read(client, ep)).toMatchObject({ type: 'LINK', taps: 1 });
    expect(transfers()[name].in).toBe(before[name].in + 2);
  });

  test('writes of the host wait while the device answers NAK, and are then received in order', async () => {
    const session = await hello(client, ep);
    const device = world.server.devices[0]!;
    let waiting = 0;
    const take = device.nak(name, () => waiting++);
    const writes = [1, 2].map((sequence) => client.submit({ ep, data: outData(ep, status(session, sequence)) }));
    await client.quiet();
    expect(waiting).toBe(2);
    const unlink = client.unlink(writes[0]!);
    expect(await client.next()).toMatchObject({ seqnum: unlink, status: UNLINKED });
    take();
    expect(await client.next()).toMatchObject({ seqnum: writes[1], status: 0 });
    expect(await read(client, ep)).toMatchObject({ type: 'STATUS_REPLY', sequence: 2 });
    // The end of an earlier NAK does not end this later NAK.
    const again = device.nak(name);
    take();
    client.submit({ ep, data: outData(ep, status(session, 3)) });
    await client.quiet();
    again();
    await client.next();
    expect(await read(client, ep)).toMatchObject({ sequence: 3 });
  });

  test('an IN transfer waits until the device sends something', async () => {
    const session = await hello(client, ep);
    const waiting = client.submit({ ep, length: 64 });
    await client.quiet();
    client.submit({ ep, data: outData(ep, pay(session, 1)) });
    await client.next();
    expect(await client.next()).toMatchObject({ seqnum: waiting, status: 0 });
    const link = client.submit({ ep, length: 64 });
    await client.quiet();
    await world.clock.advance(900_000);
    const answer = await client.next();
    expect(answer.seqnum).toBe(link);
    expect(messagesIn(answer.data)).toMatchObject([{ type: 'LINK', state: 'expired' }]);
  });

  test('sixteen transfers, as cdc-acm uses, wait in their order', async () => {
    const session = await hello(client, ep);
    const waiting = Array.from({ length: 16 }, () => client.submit({ ep, length: 64 }));
    await client.quiet();
    for (let sequence = 1; sequence <= 16; sequence++) {
      client.submit({ ep, data: outData(ep, status(session, sequence)) });
      await client.next();
      const answer = await client.next();
      expect(answer.seqnum).toBe(waiting[sequence - 1]);
      expect(messagesIn(answer.data)).toMatchObject([{ sequence }]);
    }
  });

  test('unlinked while it waits: only the unlink is answered, and the next transfer gets the data', async () => {
    const session = await hello(client, ep);
    const waiting = [1, 2, 3].map(() => client.submit({ ep, length: 64 }));
    const unlink = client.unlink(waiting[1]!);
    expect(await client.next()).toMatchObject({ command: 4, seqnum: unlink, status: UNLINKED });
    const first = client.unlink(waiting[0]!);
    expect(await client.next()).toMatchObject({ command: 4, seqnum: first, status: UNLINKED });
    client.submit({ ep, data: outData(ep, status(session, 1)) });
    await client.next();
    expect(await client.next()).toMatchObject({ seqnum: waiting[2], status: 0 });
    await client.quiet();
  });

  test('unlinked after its answer: status 0, and no other answer', async () => {
    const out = client.submit({ ep, data: outData(ep, HELLO) });
    const unlink = client.unlink(out);
    expect(await client.next()).toMatchObject({ command: 3, seqnum: out, status: 0 });
    expect(await client.next()).toMatchObject({ command: 4, seqnum: unlink, status: 0 });
    expect(await read(client, ep)).toMatchObject({ type: 'HELLO_REPLY' });
    await client.quiet();
  });

  test('unlinked before it comes: it is never executed, and the unlink is answered when it comes', async () => {
    const session = await hello(client, ep);
    const late = client.seqnum + 2;
    client.seqnum += 2;
    client.expect(late, false);
    const unlink = client.unlink(late);
    await client.quiet();
    client.submit({ ep, data: outData(ep, pay(session, 1)), seqnum: late });
    expect(await client.next()).toMatchObject({ command: 4, seqnum: unlink, status: UNLINKED });
    await client.quiet();
    expect(world.emulator.snapshot.state).toBe('idle');
    // The same for the IN direction.
    const reading = client.seqnum + 2;
    client.seqnum += 2;
    const other = client.unlink(reading);
    client.submit({ ep, length: 64, seqnum: reading });
    expect(await client.next()).toMatchObject({ command: 4, seqnum: other, status: UNLINKED });
    client.submit({ ep, data: outData(ep, pay(session, 1)) });
    await client.next();
    expect(await read(client, ep)).toMatchObject({ type: 'PAY_REPLY', result: 'SUCCESS' });
  });

  test('while a host does not fetch the answers, its writes wait, and nothing is lost', async () => {
    const session = await hello(client, ep);
    const before = transfers()[name].out;
    const sent: number[] = [];
    for (let sequence = 1; sequence <= 100; sequence++) {
      sent.push(client.submit({ ep, data: outData(ep, status(session, sequence)) }));
    }
    for (const seqnum of sent.slice(0, 64)) expect(await client.next()).toMatchObject({ seqnum, status: 0 });
    await client.quiet();
    expect(transfers()[name].out - before).toBe(64);
    // The control endpoint still works, and so does an unlink of a waiting transfer.
    const unlink = client.unlink(sent[99]!);
    expect(await client.next()).toMatchObject({ command: 4, seqnum: unlink, status: UNLINKED });

    const sequences: number[] = [];
    const fetched = Array.from({ length: 99 }, () => client.submit({ ep, length: 64 }));
    const answers = [];
    while (answers.length < 99 + 35) answers.push(await client.next());
    for (const answer of answers) {
      if (fetched.includes(answer.seqnum)) sequences.push(messagesIn(answer.data)[0]!.sequence);
    }
    expect(sequences).toEqual(Array.from({ length: 99 }, (__, at) => at + 1));
    expect(answers.filter(({ seqnum }) => sent.includes(seqnum)).map(({ seqnum }) => seqnum)).toEqual(
      sent.slice(64, 99),
    );
    await client.quiet();
  });

  test('more transfers than the device keeps are answered with ENOMEM', async () => {
    const waiting = Array.from({ length: 66 }, () => client.submit({ ep, length: 64 }));
    expect(await client.next()).toMatchObject({ seqnum: waiting[64], status: -12, length: 0 });
    expect(await client.next()).toMatchObject({ seqnum: waiting[65], status: -12, length: 0 });
    for (const seqnum of waiting.slice(0, 64)) {
      client.unlink(seqnum);
      expect(await client.next()).toMatchObject({ status: UNLINKED });
    }
    await hello(client, ep);
  });

  test('a packet that is longer than the rest of the buffer: babble, and only as many bytes as fit', async () => {
    client.submit({ ep, data: outData(ep, HELLO) });
    await client.next();
    client.submit({ ep, length: 10 });
    const { status, data } = await client.next();
    expect({ status, length: data.length }).toEqual({ status: -75, length: 10 });
    client.submit({ ep, length: 64 });
    await client.quiet();
  });

  test.each([0, 0xffffffff, 5])('a number of packets without a meaning: %i', async (packets) => {
    const waiting = client.submit({ ep, length: 64, packets });
    const sent = client.submit({ ep, data: outData(ep, HELLO), packets });
    expect(await client.next()).toMatchObject({ seqnum: sent, status: 0 });
    // `next` throws if a field that must be 0 is not 0.
    expect(await client.next()).toMatchObject({ seqnum: waiting, status: 0 });
  });

  test('an empty OUT transfer has no effect', async () => {
    client.submit({ ep, data: Buffer.of() });
    expect(await client.next()).toMatchObject({ status: 0, length: 0 });
    await hello(client, ep);
  });

  test('several frames in one transfer', async () => {
    const session = await hello(client, ep);
    client.submit({ ep, data: outData(ep, Buffer.concat([status(session, 1), status(session, 2)])) });
    await client.next();
    expect(await read(client, ep)).toMatchObject({ type: 'STATUS_REPLY', sequence: 1 });
    expect(await read(client, ep)).toMatchObject({ type: 'STATUS_REPLY', sequence: 2 });
  });

  test('a thousand frames in one transfer: received while there is room for answers, and all answered', async () => {
    const session = await hello(client, ep);
    const taken = countFrames();
    const many = Buffer.concat(Array.from({ length: 1000 }, () => status(session, 1)));
    client.submit({ ep, data: many });
    expect(await client.next()).toMatchObject({ status: 0, length: many.length });
    const behind = client.submit({ ep, data: outData(ep, pay(session, 2)) });
    await client.quiet();
    expect(taken()).toBeLessThan(100);
    for (let answers = 1; answers <= 1000; answers++) {
      client.submit({ ep, length: ep === 4 ? 128 : 64 });
      let { seqnum, data } = await client.next();
      if (seqnum === behind) ({ data } = await client.next());
      expect(messagesIn(data)).toMatchObject([{ type: 'STATUS_REPLY', sequence: 1 }]);
    }
    expect(await read(client, ep)).toMatchObject({ type: 'PAY_REPLY', result: 'SUCCESS' });
    expect(taken()).toBe(1001);
  });

  test('a LINK is dropped if eight packets wait, and leaves a gap', async () => {
    const session = await hello(client, ep);
    client.submit({ ep, data: outData(ep, pay(session, 1)) });
    await client.next();
    for (let taps = 1; taps <= 10; taps++) world.emulator.tap();
    expect(world.watcher.events.filter(({ event }) => event === 'dropped')).toHaveLength(3);
    const messages = [];
    for (let count = 0; count < 8; count++) messages.push(await read(client, ep));
    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 1, 2, 3, 4, 5, 6, 7]);
    world.emulator.tap();
    expect(await read(client, ep)).toMatchObject({ type: 'LINK', sequence: 11, taps: 11 });
  });

  test('a lost reply, and the reply to the repeat', async () => {
    const session = await hello(client, ep);
    world.emulator.use(loseReplies(1, { type: 'PAY' }));
    const waiting = client.submit({ ep, length: 64 });
    client.submit({ ep, data: outData(ep, pay(session, 1)) });
    await client.next();
    await client.quiet();
    client.submit({ ep, data: outData(ep, pay(session, 1)) });
    await client.next();
    expect(await client.next()).toMatchObject({ seqnum: waiting, status: 0 });
  });
});

/** Exports a device whose reply to HELLO has exactly `length` bytes on the wire. */
async function withReplyOf(length: number): Promise<void> {
  await world.close();
  // Everything except the three strings takes 39 bytes.
  const texts = length - 39;
  const serialNumber = 'S'.repeat(Math.min(32, texts - 2));
  const model = 'M'.repeat(Math.min(16, texts - serialNumber.length - 1));
  const firmware = 'F'.repeat(texts - serialNumber.length - model.length);
  world = await World.open(1, { serialNumber, model, firmware });
  client = await UsbipClient.attached(world.address);
}

/** Returns a function that counts the frames that the device has received since this call. */
function countFrames(): () => number {
  let frames = 0;
  world.emulator.use({
    name: 'counted',
    onFrame: (frame, next) => {
      frames++;
      next(frame);
    },
  });
  return () => frames;
}

describe('the length of a transfer', () => {
  test('HID: a transfer with room for 2 GB, which is never full, does not collect answers without limit', async () => {
    const session = await hello(client, 1);
    const taken = countFrames();
    const asking = client.submit({ ep: 1, length: 0x7fffffff });
    client.submit({ ep: 1, data: Buffer.concat(Array.from({ length: 1000 }, () => status(session, 1))) });
    expect(await client.next()).toMatchObject({ status: 0 });
    await client.quiet();
    const before = taken();
    expect(before).toBeLessThan(100);
    const unlink = client.unlink(asking);
    expect(await client.next()).toMatchObject({ seqnum: unlink, status: UNLINKED });
    await client.quiet();
    expect(taken()).toBeGreaterThan(before);
    expect(taken()).toBeLessThan(200);
  });

  const replyTo = async (submit: Submit) => {
    client.submit({ ep: submit.ep, data: outData(submit.ep, HELLO) });
    await client.next();
    const seqnum = client.submit(submit);
    return { seqnum, answer: () => client.next() };
  };

  test('bulk: the first short packet ends a transfer, with any room left', async () => {
    const { answer } = await replyTo({ ep: 2, length: 16384 });
    const { status, data } = await answer();
    expect(status).toBe(0);
    expect(messagesIn(data)).toMatchObject([{ type: 'HELLO_REPLY' }]);
    expect(data.length % 64).not.toBe(0);
  });

  test('a short transfer with SHORT_NOT_OK has that status, and its data', async () => {
    const { answer } = await replyTo({ ep: 2, length: 4096, flags: 0x201 });
    const { status, data } = await answer();
    expect(status).toBe(-121);
    expect(messagesIn(data)).toMatchObject([{ type: 'HELLO_REPLY' }]);
    expect(transfers().bulk).toEqual({ in: 0, out: 1 });
  });

  test('bulk: a reply of exactly 64 bytes fills a transfer of 64, and does not end a longer one', async () => {
    await withReplyOf(64);
    const full = await replyTo({ ep: 2, length: 64 });
    expect(await full.answer()).toMatchObject({ status: 0, length: 64 });
    const longer = await replyTo({ ep: 2, length: 128 });
    await client.quiet();
    client.submit({ ep: 2, data: HELLO });
    await client.next();
    const answer = await longer.answer();
    expect(answer).toMatchObject({ seqnum: longer.seqnum, status: 0, length: 128 });
    expect(messagesIn(answer.data)).toHaveLength(2);
  });

  test('the data that an unlinked transfer has received is lost', async () => {
    await withReplyOf(64);
    const { seqnum } = await replyTo({ ep: 2, length: 128 });
    client.unlink(seqnum);
    expect(await client.next()).toMatchObject({ command: 4, status: UNLINKED });
    client.submit({ ep: 2, length: 64 });
    await client.quiet();
  });

  test('CDC: a reply of exactly 64 bytes ends a transfer of 128, because an empty packet follows', async () => {
    await withReplyOf(64);
    const { answer } = await replyTo({ ep: 4, length: 128 });
    const { status, data } = await answer();
    expect({ status, length: data.length }).toEqual({ status: 0, length: 64 });
    client.submit({ ep: 4, length: 128 });
    await client.quiet();
  });

  test.each([65, 100])(
    'HID: a reply of %i bytes takes two reports, and zeros fill the second report',
    async (length) => {
      await withReplyOf(length);
      const { answer } = await replyTo({ ep: 1, length: 64 });
      const first = await answer();
      client.submit({ ep: 1, length: 64 });
      const second = await client.next();
      expect([first.data.length, second.data.length]).toEqual([64, 64]);
      expect(messagesIn(first.data, second.data)).toMatchObject([{ type: 'HELLO_REPLY' }]);
      expect(second.data.subarray(length - 64).every((byte) => byte === 0)).toBe(true);
    },
  );

  test('HID: a frame that the device sends byte by byte still makes whole reports', async () => {
    world.emulator.use(stutter());
    expect(await hello(client, 1)).toBeGreaterThan(0);
  });

  test('HID: a report in two transfers, or with a report number before it, is read as plain bytes', async () => {
    client.submit({ ep: 1, data: HELLO.subarray(0, 5) });
    client.submit({ ep: 1, data: HELLO.subarray(5) });
    expect([await client.next(), await client.next()]).toMatchObject([{ status: 0 }, { status: 0 }]);
    expect(await read(client, 1)).toMatchObject({ type: 'HELLO_REPLY' });
  });
});

describe('one device', () => {
  test('all functions share one session, which belongs to the function of the latest HELLO', async () => {
    const hid = await hello(client, 1);
    const bulk = await hello(client, 2);
    client.submit({ ep: 1, data: report(pay(hid, 1)) });
    await client.next();
    expect(await read(client, 1)).toMatchObject({ reason: 4 });
    client.submit({ ep: 2, data: pay(bulk, 1) });
    await client.next();
    expect(await read(client, 2)).toMatchObject({ result: 'SUCCESS' });
    await hello(client, 4);
    client.submit({ ep: 2, data: pay(bulk, 1) });
    await client.next();
    expect(await read(client, 2)).toMatchObject({ reason: 4, state: 'ready' });
  });

  test.each([
    ['an OUT transfer to an endpoint that has only IN', { ep: 3, data: Buffer.of(1, 2, 3) }],
    ['an OUT endpoint that does not exist', { ep: 9, data: Buffer.of(1) }],
    ['an IN endpoint that does not exist', { ep: 0x7fffffff, length: 64 }],
  ])('%s stalls, and the next command is understood', async (_, submit) => {
    client.submit(submit);
    expect(await client.next()).toMatchObject({ status: STALL, length: 0 });
    await hello(client, 2);
  });

  test('the device never sends a notification', async () => {
    client.submit({ ep: 3, length: 16 });
    await hello(client, 4);
    await client.quiet();
    expect(client.waiting.size).toBe(1);
  });

  test('numbers that start again at 0 after the highest number', async () => {
    client.seqnum = 0xfffffffd;
    const old = client.submit({ ep: 2, data: HELLO });
    await client.next();
    client.seqnum = 0;
    const late = 2;
    client.expect(late, true);
    const parked = client.unlink(late);
    expect(parked).toBe(1);
    client.seqnum = 2;
    const gone = client.unlink(old);
    expect(await client.next()).toMatchObject({ command: 4, seqnum: gone, status: 0 });
    client.submit({ ep: 2, length: 64, seqnum: late });
    expect(await client.next()).toMatchObject({ command: 4, seqnum: parked, status: UNLINKED });
    expect(await read(client, 2)).toMatchObject({ type: 'HELLO_REPLY' });
  });
});
