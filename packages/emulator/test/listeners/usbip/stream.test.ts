import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteQueue } from '../../../src/listeners/usbip/byte-queue.js';
import { importBytes, submitBytes, UsbipClient, unlinkBytes } from './usbip-client.js';
import { HELLO, report, status, World } from './world.js';

/**
 * Sends bytes in pieces of these lengths. The last length repeats. Each piece is in its own segment, as far as TCP
 * allows.
 */
async function send(client: UsbipClient, bytes: Buffer, lengths: readonly number[]): Promise<void> {
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const end = at + (lengths[piece] ?? lengths.at(-1) ?? bytes.length);
    client.socket.write(bytes.subarray(at, end));
    at = end;
    await new Promise(setImmediate);
  }
}

const DESCRIPTOR = [0x80, 6, 0, 2, 0, 0, 255, 0];
const CONFIGURE = [0, 9, 1, 0, 0, 0, 0, 0];
const END = 99;

/** Commands of every kind. The last command is answered last. */
const CONVERSATION = Buffer.concat([
  importBytes('1-1'),
  submitBytes({ seqnum: 1, ep: 0, setup: DESCRIPTOR, length: 255 }),
  submitBytes({ seqnum: 2, ep: 0, setup: CONFIGURE, data: Buffer.of() }),
  submitBytes({ seqnum: 3, ep: 1, length: 64 }),
  submitBytes({ seqnum: 4, ep: 1, length: 64 }),
  submitBytes({ seqnum: 5, ep: 2, length: 64 }),
  submitBytes({ seqnum: 6, ep: 1, data: report(HELLO) }),
  unlinkBytes(7, 4),
  unlinkBytes(8, 6),
  unlinkBytes(9, 10),
  submitBytes({ seqnum: 10, ep: 2, data: HELLO }),
  submitBytes({ seqnum: 11, ep: 2, data: HELLO }),
  submitBytes({ seqnum: 12, ep: 4, data: Buffer.concat([HELLO, status(1, 1)]) }),
  submitBytes({ seqnum: 13, ep: 4, length: 128 }),
  submitBytes({ seqnum: 14, ep: 9, data: Buffer.alloc(70) }),
  submitBytes({ seqnum: END, ep: 0, setup: [0x80, 8, 0, 0, 0, 0, 1, 0], length: 1 }),
]);

/** The answer to the last command: the header and the configuration. */
const END_ANSWER = `${submitAnswer(END)}${'0'.repeat(15)}1${'0'.repeat(40)}01`;

/** Returns all answers of the server to the conversation, up to its end or up to `expected` bytes. */
async function converse(lengths: readonly number[], expected?: number): Promise<string> {
  const world = await World.open(1, { random: () => 5 });
  const client = new UsbipClient(world.address);
  const sent = send(client, CONVERSATION, lengths);
  let received = (await client.bytes(expected ?? 320)).toString('hex');
  while (!received.endsWith(END_ANSWER)) received += (await client.bytes(1)).toString('hex');
  await sent;
  expect(client.unread).toBe(0);
  await world.close();
  return received;
}

function submitAnswer(seqnum: number): string {
  return `00000003${seqnum.toString(16).padStart(8, '0')}${'0'.repeat(24)}`;
}

test('the answers are the same for any segments of the commands', { timeout: 60_000 }, async () => {
  const whole = await converse([CONVERSATION.length]);
  // Every submitted transfer has an answer, except those that were unlinked in time.
  for (const seqnum of [1, 2, 3, 5, 6, 11, 12, 13, 14]) expect(whole).toContain(submitAnswer(seqnum));
  for (const seqnum of [4, 10]) expect(whole).not.toContain(submitAnswer(seqnum));
  expect(await converse([1], whole.length / 2)).toBe(whole);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 })), { minLength: 2 }),
      async (lengths) => {
        expect(await converse(lengths, whole.length / 2)).toBe(whole);
      },
    ),
    { numRuns: 40 },
  );
});

type Step =
  | { readonly do: 'read' | 'write'; readonly ep: number }
  /** Unlinks a submitted transfer, counted back from the latest. */
  | { readonly do: 'unlink'; readonly back: number }
  /** Sends an unlink, and after it the transfer that it unlinks. */
  | { readonly do: 'overtake'; readonly ep: number }
  | { readonly do: 'tap' | 'halt' | 'configure' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('read', 'write'), ep: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('unlink'), back: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('overtake'), ep: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('tap', 'halt', 'configure') }) },
) as fc.Arbitrary<Step>;

/** Sends one step, with the numbers that Linux would use. */
function say(client: UsbipClient, each: Step, world: World): void {
  const control = (setup: number[]) => client.submit({ ep: 0, setup, data: Buffer.of() });
  switch (each.do) {
    case 'read':
      client.submit({ ep: each.ep, length: 64, setup: DESCRIPTOR });
      break;
    case 'write':
      client.submit({ ep: each.ep, data: each.ep === 1 ? report(HELLO) : HELLO });
      break;
    case 'unlink':
      client.unlink(client.submitted.at(-1 - each.back) ?? 1);
      break;
    case 'overtake': {
      const late = ++client.seqnum;
      client.expect(late, true);
      client.unlink(late);
      client.submit({ ep: each.ep, length: 64, seqnum: late });
      break;
    }
    case 'tap':
      world.emulator.tap();
      break;
    case 'halt':
      control([0x02, 3, 0, 0, 0x82, 0, 0, 0]);
      control([0x02, 1, 0, 0, 0x82, 0, 0, 0]);
      break;
    case 'configure':
      control(CONFIGURE);
      break;
  }
}

test('for any submits and unlinks, each number is answered once, and no other number', {
  timeout: 60_000,
}, async () => {
  const world = await World.open();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const client = await UsbipClient.attached(world.address);
      try {
        for (const each of steps) say(client, each, world);
        const end = client.submit({ ep: 0, setup: [0x80, 8, 0, 0, 0, 0, 1, 0], length: 1 });
        // `next` throws for an answer that was not expected.
        while (client.waiting.has(end)) await client.next();
        // Every unlink was sent after its transfer, so each unlink is answered by now.
        expect(client.unlinking.size).toBe(0);
        const pending = [...client.waiting.keys()];
        const unlinks = pending.map((seqnum) => client.unlink(seqnum));
        for (const seqnum of unlinks) expect(await client.next()).toMatchObject({ command: 4, seqnum, status: -104 });
        expect(client.waiting.size).toBe(0);
        await client.quiet();
      } finally {
        await client.leave();
        await world.free();
      }
    }),
    { numRuns: 150 },
  );
  await world.close();
});

test('ByteQueue: the same bytes come out, in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.infiniteStream(fc.nat(30)), (chunks, takes) => {
      const queue = new ByteQueue();
      const out: number[] = [];
      for (const chunk of chunks) {
        queue.push(chunk);
        const take = takes.next().value!;
        const bytes = queue.peek(take);
        expect(bytes?.length).toBe(take <= queue.length ? take : undefined);
        if (!bytes) continue;
        out.push(...bytes);
        queue.skip(take);
      }
      out.push(...queue.peek(queue.length)!);
      expect(out).toEqual(chunks.flatMap((chunk) => [...chunk]));
    }),
  );
});
