import type { TapSource } from '@bluetap/protocol';
import { tagOf } from '@bluetap/protocol/tools';
import { describe } from '../probe/describe.js';
import type { DeviceCase } from '../probe/device-case.js';
import { fieldValue, hex } from '../probe/frames.js';
import { Lifetime } from '../probe/lifetime.js';
import { expectLink, expectNoLink } from '../probe/links.js';
import { must, NotShown } from '../probe/outcomes.js';
import type { Probe } from '../probe/probe.js';
import { type RawSession, SAMPLE } from '../probe/raw-session.js';
import { readUri } from '../probe/uri-record.js';
import { readBlank } from './blank-tag.js';

const { orderId } = SAMPLE;
const MOST_TAPS = 255;
/** The time of a payment link that is tapped and then expires, in seconds. */
const TAPPED_S = 5;
/** An order id and an amount that a URL cannot hold as they are. */
const HOSTILE = { orderId: 'A<&%41#"^>Z', amount: '0.50' } as const;
/** How the order id begins and how it stands in a URI. */
const RAW_START = 'A<&';
const ENCODED = 'A%3C%26%2541%23%22%5E%3EZ';

/** What the device counts as a tap, by its own word or by the declaration. */
function sourceOf(probe: Probe, { hello }: RawSession): TapSource {
  return hello.tapSource ?? probe.setting.declaration.taps ?? 'read';
}

/** Opens a session. @throws NotShown if the device cannot count taps. */
async function openForTaps(probe: Probe): Promise<RawSession> {
  const session = await probe.open();
  if (sourceOf(probe, session) === 'none') throw new NotShown('the device says that it cannot count taps');
  return session;
}

/** Taps, and what the tag holds. docs/protocol.md section 4. */
export const TAP_CASES: readonly DeviceCase[] = [
  {
    name: 'a tap is counted once and told with LINK',
    rules: ['R-46', 'R-37', 'R-51', 'R-52'],
    did: 'It showed a payment link, let a phone tap twice, and sent STATUS, HELLO and CANCEL.',
    expected: 'LINKs 1 and 2 with state ready, taps 1 and 2 and the order id, and taps 2 in each reply',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await openForTaps(probe);
      await session.accepted(session.pay(), { state: 'ready' });
      for (const taps of [1, 2]) {
        await probe.act('tap');
        await expectLink(session, { sequence: taps, state: 'ready', taps, orderId });
        await session.accepted(session.status(), { state: 'ready', taps });
      }
      const next = await probe.open();
      must(next.hello.taps === 2, `HELLO was answered with taps ${next.hello.taps ?? 0}`, 'taps 2');
      await next.accepted(next.cancel(), { state: 'cancelled', taps: 2 });
      await next.accepted(next.status(), { state: 'cancelled', taps: 2 });
      return 'both taps were counted and told';
    },
  },
  {
    name: 'a device that cannot count taps counts none',
    rules: ['R-46', 'R-57'],
    did: 'It showed a payment link, let a phone tap, and sent STATUS.',
    expected: 'no LINK, and taps 0',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await probe.open();
      if (sourceOf(probe, session) !== 'none') throw new NotShown('the device says that it counts taps');
      await session.accepted(session.pay(), { state: 'ready' });
      await probe.act('tap');
      await expectNoLink(session.line, 500, 'the device cannot count taps');
      await session.accepted(session.status(), { state: 'ready', taps: 0 });
      return 'taps stayed 0';
    },
  },
  {
    name: 'a PAY sets taps to 0, and a repeat does not',
    rules: ['R-46', 'R-38', 'R-42'],
    did: 'It showed a payment link, let a phone tap, sent the same PAY again, and then another PAY.',
    expected: 'taps 1 after the repeat, and 0 after the other PAY',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await openForTaps(probe);
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready' });
      await probe.act('tap');
      await expectLink(session, { sequence: 1, state: 'ready', taps: 1, orderId });
      await session.accepted(pay, { state: 'ready' });
      await session.accepted(session.status(), { state: 'ready', taps: 1 });
      await session.accepted(session.pay({ orderId: 'ORDER-2' }), { state: 'ready' });
      await session.accepted(session.status(), { state: 'ready', taps: 0 });
      return 'the PAY set taps to 0, and the repeat did not';
    },
  },
  {
    name: 'a PAY reply tells the taps of the payment link that it replaced',
    rules: ['R-50', 'R-46'],
    did: 'It showed a payment link, let a phone tap, and sent another PAY twice, byte for byte the same.',
    expected: 'tag 15 with the state ready and taps 1, both times',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await openForTaps(probe);
      await session.accepted(session.pay(), { state: 'ready' });
      await probe.act('tap');
      const pay = session.pay({ orderId: 'ORDER-2' });
      for (const what of ['PAY', 'repeat']) {
        const { frame } = await session.ask(pay);
        const value = fieldValue(frame.payload, tagOf('previous'));
        if (!value && what === 'PAY') throw new NotShown('the device does not send tag 15');
        const told = hex(value ?? []) || 'absent';
        must(told === '0101', `tag 15 of the ${what} is ${told}`, '0101: ready, and 1 tap');
      }
      return 'tag 15 was 0101 both times';
    },
  },
  {
    name: 'after its end nothing of a payment link can be read or counted',
    rules: ['R-46', 'R-49', 'R-45', 'R-48', 'R-51'],
    did: 'It let a phone tap, cancelled the payment link and let a phone tap; then it let a phone tap another one, let it expire and let a phone tap.',
    expected: 'a blank tag, taps as before, and no LINK for the taps',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await openForTaps(probe);
      await session.accepted(session.pay(), { state: 'ready' });
      await probe.act('tap');
      await expectLink(session, { sequence: 1, state: 'ready', taps: 1, orderId });
      await session.accepted(session.cancel(), { state: 'cancelled', taps: 1 });
      await readBlank(probe, 'after the CANCEL');
      await session.accepted(session.status(), { state: 'cancelled', taps: 1 });
      const life = await Lifetime.begin(probe, session, TAPPED_S);
      await probe.act('tap');
      if (life.isOver) throw new NotShown(`the hook took longer than ${TAPPED_S} s`);
      await expectLink(session, { sequence: 2, state: 'ready', taps: 1, orderId });
      await expectLink(session, { sequence: 3, state: 'expired', taps: 1, orderId }, TAPPED_S * 1000 + 1000);
      await readBlank(probe, 'after the expiry');
      await session.accepted(session.status(), { state: 'expired', taps: 1 });
      await expectNoLink(session.line, 300, 'no payment link is live');
      return 'the tag was blank, and no tap was counted';
    },
  },
  {
    name: 'the tag holds one URI, with amount and order id percent-encoded',
    rules: ['R-55', 'R-42'],
    did: `It showed a payment link with the order id ${HOSTILE.orderId}, and let a phone tap.`,
    expected: 'an NDEF message with one URI record first, of characters that RFC 3986 allows',
    needs: { hook: ['tap'] },
    async run(probe) {
      const session = await probe.open();
      await session.accepted(session.pay(HOSTILE), { state: 'ready' });
      const { ndef } = await probe.act('tap');
      if (!ndef) throw new NotShown('the hook does not tell what the tag holds');
      const read = readUri(ndef);
      if ('wrong' in read)
        must(false, `${read.wrong}: ${hex(ndef)}`, 'one URI record of characters that RFC 3986 allows');
      const { uri } = read as { readonly uri: string };
      const holdsOrder = decoded(uri).includes(RAW_START) || uri.includes(RAW_START);
      must(
        !holdsOrder || uri.toUpperCase().includes(ENCODED.toUpperCase()),
        `the URI is ${uri}`,
        `the order id stands in it as ${ENCODED}`,
      );
      return `the URI ends with ${uri}`;
    },
  },
  {
    name: 'taps stop at 255, and LINK goes from 255 to 1',
    rules: ['R-46', 'R-52'],
    did: 'It showed a payment link, let a phone tap 257 times, showed another one and let a phone tap.',
    expected: 'taps 255 from the 255th on and then 1, and LINKs that go from 255 to 1',
    needs: { hook: ['tap'], exhaustive: true },
    async run(probe) {
      const session = await openForTaps(probe);
      await session.accepted(session.pay(), { state: 'ready' });
      let sequence = 0;
      for (let count = 1; count <= MOST_TAPS + 2; count++) {
        await probe.act('tap');
        const received = await session.line.nextLink(1500);
        const message =
          received?.decoded.ok && received.decoded.message.type === 'LINK' ? received.decoded.message : undefined;
        if (message?.state === 'expired') {
          throw new NotShown(`the hook was too slow: the payment link expired after ${count - 1} taps`);
        }
        // Taps that stay 255 are no change of the payment link, so a LINK need not tell them.
        if (!received && count > MOST_TAPS) continue;
        sequence = (sequence % MOST_TAPS) + 1;
        const taps = Math.min(count, MOST_TAPS);
        must(
          message?.sequence === sequence && message.taps === taps,
          `tap ${count} was told with ${describe(received)}`,
          `LINK ${sequence} with taps ${taps}`,
        );
      }
      await session.accepted(session.status(), { state: 'ready', taps: MOST_TAPS });
      await session.accepted(session.pay(), { state: 'ready' });
      await probe.act('tap');
      await expectLink(session, { sequence: (sequence % MOST_TAPS) + 1, state: 'ready', taps: 1, orderId });
      return `taps stopped at 255, and the last LINK was ${(sequence % MOST_TAPS) + 1}`;
    },
  },
];

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
