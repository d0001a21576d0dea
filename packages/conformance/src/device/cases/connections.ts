import { Reason } from '@bluetap/protocol';
import type { DeviceCase } from '../device-case.js';
import { joined } from '../frames.js';
import { expectLink, expectNoLink } from '../links.js';
import { DeviceGone, must, NotShown } from '../outcomes.js';
import type { Probe } from '../probe.js';
import type { RawLine } from '../raw-line.js';
import { checkRefused, type RawSession, SAMPLE } from '../raw-session.js';

/** How many connections that never speak one case opens. */
const SILENT_CONNECTIONS = 6;
/** How many connections that speak another case opens. */
const MOST_CONNECTIONS = 40;
const NEEDS = { second: true } as const;

/** Sends a request of one session through the connection of another. */
async function refusedThere(probe: Probe, there: RawSession, sent: ReturnType<RawSession['status']>): Promise<void> {
  checkRefused(sent, await probe.exchange(there.line, sent), Reason.NO_SUCH_SESSION);
}

/** @throws NotShown if the transport does not open the device once more. */
async function openOneMore(probe: Probe): Promise<RawLine> {
  try {
    return await probe.another();
  } catch (error) {
    if (!(error instanceof DeviceGone)) throw error;
    throw new NotShown(`the transport does not open the device more often: ${error.message}`);
  }
}

/** Two connections to one device. docs/protocol.md sections 4 and 7. */
export const CONNECTION_CASES: readonly DeviceCase[] = [
  {
    name: 'the session belongs to the connection of its HELLO',
    rules: ['R-36', 'R-23', 'R-56'],
    did: 'It opened a session through each of two connections, and sent requests of both sessions through both.',
    expected: 'SUCCESS for the newer session through its connection, and reason 4 for everything else',
    needs: NEEDS,
    async run(probe) {
      const first = await probe.open();
      await first.accepted(first.status());
      const second = await probe.open(await probe.second());
      await first.refused(first.status(), Reason.NO_SUCH_SESSION);
      await refusedThere(probe, first, second.status({ sequence: 1 }));
      await refusedThere(probe, second, first.status());
      await second.accepted(second.status({ sequence: 1 }));
      const third = await probe.open(first.line);
      await second.refused(second.status({ sequence: 2 }), Reason.NO_SUCH_SESSION);
      await third.accepted(third.status());
      return 'only the newer session was accepted, through its connection';
    },
  },
  {
    name: 'a repeat through another connection is refused and not executed',
    rules: ['R-23', 'R-38', 'R-36'],
    did: 'It sent a PAY and a CANCEL through one connection, and the same bytes through another.',
    expected: 'reason 4, and the state stays cancelled',
    needs: NEEDS,
    async run(probe) {
      const second = await probe.second();
      const session = await probe.open();
      const pay = session.pay();
      await session.accepted(pay, { state: 'ready' });
      checkRefused(pay, await probe.exchange(second, pay), Reason.NO_SUCH_SESSION, 'ready');
      const cancel = session.cancel();
      await session.accepted(cancel, { state: 'cancelled' });
      checkRefused(cancel, await probe.exchange(second, cancel), Reason.NO_SUCH_SESSION, 'cancelled');
      await session.accepted(session.status(), { state: 'cancelled' });
      return 'both were refused with reason 4';
    },
  },
  {
    name: 'all connections have one payment link and one last command',
    rules: ['R-37', 'R-40', 'R-56'],
    did: 'It showed a payment link through one connection, and sent HELLO, STATUS and CANCEL through another.',
    expected: 'the same payment link there, and its CANCEL ends it',
    needs: NEEDS,
    async run(probe) {
      const first = await probe.open();
      const pay = first.pay();
      await first.accepted(pay, { state: 'ready' });
      const second = await probe.open(await probe.second());
      const { state, lastCommand } = second.hello;
      must(
        state === 'ready' && lastCommand?.session === first.number && lastCommand.sequence === pay.sequence,
        `HELLO was answered with state ${state}, last command ${JSON.stringify(lastCommand)}`,
        `state ready, last command session ${first.number}, sequence ${pay.sequence}`,
      );
      await second.accepted(second.status(), { state: 'ready', orderId: SAMPLE.orderId });
      await second.accepted(second.cancel(SAMPLE.orderId), { state: 'cancelled' });
      const { hello } = await probe.open(first.line);
      must(hello.state === 'cancelled', `HELLO was answered with state ${hello.state}`, 'state cancelled');
      return 'the payment link was the same';
    },
  },
  {
    name: 'LINK goes to the connection of the session only',
    rules: ['R-51', 'R-36'],
    did: 'It showed a payment link of 1 s through one connection, opened a session through another, and waited for the expiry.',
    expected: 'LINK 1 through the second connection, and none through the first',
    needs: NEEDS,
    async run(probe) {
      const first = await probe.open();
      await first.accepted(first.pay({ expiryTime: 1 }), { state: 'ready' });
      const second = await probe.open(await probe.second());
      await expectLink(second, { sequence: 1, state: 'expired', orderId: SAMPLE.orderId }, 2200);
      await expectNoLink(first.line, 100, 'the session belongs to the other connection');
      return 'LINK came through the second connection only';
    },
  },
  {
    name: 'each connection has its own half of a frame',
    rules: ['R-4', 'R-36'],
    did: 'It sent half a STATUS through one connection, noise and a STATUS through another, and the other half.',
    expected: 'the STATUS of the first connection is accepted',
    needs: NEEDS,
    async run(probe) {
      const second = await probe.second();
      const session = await probe.open();
      if (!session.line.takesPieces) throw new NotShown('HID does not carry half a short frame');
      const status = session.status();
      await session.line.send(status.wire.subarray(0, 5));
      const other = session.status({ sequence: 9 });
      const wire = joined(Uint8Array.of(0x11, 0x22), other.wire);
      checkRefused(other, await probe.exchange(second, { ...other, wire }), Reason.NO_SUCH_SESSION);
      await session.accepted({ ...status, wire: status.wire.subarray(5) });
      return 'the halves did not mix';
    },
  },
  {
    name: 'the end of one connection leaves the session of another',
    rules: ['R-36', 'R-37'],
    did: 'It opened two connections, a session through the first, closed the second, and sent PAY and STATUS.',
    expected: 'both are accepted',
    needs: NEEDS,
    async run(probe) {
      const stale = await probe.open(await probe.second());
      const session = await probe.open();
      await session.accepted(session.pay(), { state: 'ready' });
      await stale.line.close();
      await probe.wait(100);
      await session.accepted(session.status(), { state: 'ready' });
      await session.accepted(session.cancel(), { state: 'cancelled' });
      return 'the session stayed open';
    },
  },
  {
    name: 'a connection too many is ended at once',
    rules: ['R-56', 'R-36'],
    did: `It opened up to ${MOST_CONNECTIONS} connections and sent a HELLO through each, until one was ended.`,
    expected: 'the new connection ends, and the session of the latest HELLO stays open',
    needs: NEEDS,
    async run(probe) {
      let session = await probe.open();
      const spoken = [session.line];
      for (let count = 2; count <= MOST_CONNECTIONS; count++) {
        const line = await openOneMore(probe);
        if (await line.endsWithin(200)) {
          await session.accepted(session.status());
          return `connection ${count} was ended, and the session before it stayed open`;
        }
        session = await probe.open(line);
        spoken.push(line);
        const ended = spoken.findIndex(({ isOpen }) => !isOpen);
        must(
          ended < 0,
          `connection ${count} was taken, and connection ${ended + 1} ended`,
          'no connection that has spoken makes room',
        );
      }
      throw new NotShown(`the device takes ${MOST_CONNECTIONS} connections or more`);
    },
  },
  {
    name: 'connections that never speak keep nobody out',
    rules: ['R-56', 'R-36'],
    did: `It opened a session, opened ${SILENT_CONNECTIONS} connections without a word, and then one that sent HELLO.`,
    expected: 'the first session stays open until that HELLO, and the HELLO is accepted',
    needs: NEEDS,
    async run(probe) {
      const session = await probe.open();
      for (let left = SILENT_CONNECTIONS; left > 0; left--) {
        await openOneMore(probe);
      }
      await probe.wait(100);
      await session.accepted(session.status());
      const last = await probe.another();
      await probe.wait(100);
      const other = await probe.open(last);
      await other.accepted(other.status());
      await session.refused(session.status(), Reason.NO_SUCH_SESSION);
      return 'the HELLO was accepted, and the first session stayed open until then';
    },
  },
];
