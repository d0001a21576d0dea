import { MessageType } from '@bluetap/protocol';
import type { DeviceCase } from '../probe/device-case.js';
import { fieldsOf, payPayload } from '../probe/frames.js';
import { SAMPLE } from '../probe/raw-session.js';

/** Types that no host sends: replies, events, and both bits at once. */
const DROPPED = [0x81, 0x82, 0x83, 0x84, 0x80, 0x85, 0x41, 0x42, 0x44, 0x40, 0x7f, 0xc1, 0xc2, 0xff];

/** The first check: frames that are no request. docs/protocol.md section 3, "Order of checks". */
export const DROPPED_TYPE_CASES: readonly DeviceCase[] = [
  {
    name: 'types with bit 80 or 40 get no answer',
    rules: ['R-20'],
    did: 'It sent frames of the types 80 to 85, 40 to 44, 7F, C1, C2 and FF, and a STATUS after each.',
    expected: 'an answer to each STATUS and to nothing else, and nothing is shown',
    async run(probe) {
      const session = await probe.open();
      const { state } = session.hello;
      for (const type of DROPPED) {
        const sent = session.request(type, payPayload(SAMPLE));
        await session.ignored(sent.wire, sent.what);
      }
      await session.accepted(session.status(), { state });
      return 'none of them was answered';
    },
  },
  {
    name: 'types with bit 80 or 40 get no answer in any version and session',
    rules: ['R-20', 'R-21', 'R-23', 'R-24', 'R-25'],
    did: 'It sent such types in versions 0, 2 and 255, in another session, with sequence 0 and with a damaged payload.',
    expected: 'an answer to the STATUS after each and to nothing else',
    async run(probe) {
      const session = await probe.open();
      const another = session.number ^ 0x0101 || 7;
      const headers = [{ version: 0 }, { version: 2 }, { version: 255 }, { session: another }, { sequence: 0 }];
      for (const type of [MessageType.HELLO_REPLY, MessageType.LINK]) {
        for (const header of headers) {
          const sent = session.request(type, fieldsOf(), header);
          await session.ignored(sent.wire, sent.what);
        }
        const damaged = session.request(type, Uint8Array.of(1));
        await session.ignored(damaged.wire, damaged.what);
      }
      return 'none of them was answered';
    },
  },
];
