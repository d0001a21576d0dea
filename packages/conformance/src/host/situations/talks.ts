import { encodeMessage, type Message } from '@bluetap/protocol';
import type { RuleId } from '../../rules/rules.js';
import type { Breach } from '../contract/breach.js';
import type { AllowedFacts, ToldFacts } from '../contract/facts.js';
import { areAllowed, factsText } from '../contract/facts.js';
import { editHello, onReply } from '../device/edits.js';
import type { StagedDevice } from '../device/staged-device.js';
import { cancelAny, isUnknown, outcome, pay, status, wasExecuted, wasNotExecuted } from './calls.js';
import type { Talk, TalkSituation } from './situation.js';
import { loseRepliesFrom, loseRequestsOf } from './staging.js';

/** How long a host may take to ask with STATUS by itself. A host that reads only in its calls asks in the next one. */
const ASKS_MS = 1500;

/** Situations that need several calls of one process. */
export const TALKS: readonly TalkSituation[] = [
  {
    name: 'three calls in one process',
    wireRules: ['R-71', 'R-72'],
    factRules: ['R-84'],
    did: 'Asked one process for a PAY, a STATUS and a CANCEL.',
    expected: 'Requests that are numbered from 1 in each session, and three successes.',
    talk: async (host) => [
      ...due('R-84', await host.ask(pay()), wasExecuted('yes')),
      ...due('R-84', await host.ask(status), { code: 'SUCCESS', state: 'ready' }),
      ...due('R-84', await host.ask(cancelAny), wasExecuted('no')),
    ],
  },
  {
    name: '260 requests of one process',
    wireRules: ['R-72'],
    factRules: [],
    did: 'Asked one process for STATUS 260 times.',
    expected: 'No sequence after 255: another session follows.',
    talk: async (host) => {
      for (let asked = 0; asked < 259; asked++) if (!(await host.ask(status))) break;
      return due('R-72', await host.ask(status), { code: 'SUCCESS' });
    },
  },
  {
    name: 'a gap in the numbers of LINK',
    wireRules: ['R-77'],
    factRules: [],
    did: 'Showed a payment link, let a phone read it three times, and lost the second LINK.',
    expected: 'STATUS after the gap, by itself or at the next call.',
    talk: async (host, device) => {
      let links = 0;
      device.emulator.use({
        name: 'situation: one LINK is lost',
        onSend: (bytes, next, { request }) => {
          if (request || ++links !== 2) next(bytes);
        },
      });
      await host.ask(pay());
      for (let taps = 0; taps < 3; taps++) device.emulator.tap();
      return asksWithStatus('R-77', 'after a gap in the numbers of LINK', host, device);
    },
  },
  {
    name: 'LINK says that a payment link is live which was over',
    wireRules: ['R-83'],
    factRules: [],
    did: 'Let the payment link expire, and then sent a LINK with the state ready.',
    expected: 'STATUS, by itself or at the next call.',
    talk: async (host, device) => {
      await host.ask(pay());
      device.emulator.expire();
      const session = device.emulator.sessionInfo.session?.number ?? 0;
      device.say(encodeMessage({ type: 'LINK', session, sequence: 2, state: 'ready' }));
      return asksWithStatus('R-83', 'after a LINK that cannot be true', host, device);
    },
  },
  {
    name: 'a late reply to the PAY before',
    wireRules: ['R-73'],
    factRules: ['R-73', 'R-81'],
    did: 'Lost the replies to one PAY, lost the first copy of the next, and then sent a reply to the first PAY.',
    expected: 'Two copies of the second PAY: the late reply does not answer it.',
    talk: async (host, device) => {
      let late: Uint8Array | undefined;
      device.emulator.use(
        onReply('PAY', (bytes, number, next) => {
          if (number <= 3) late = bytes;
          else if (number > 4) next(bytes);
          else if (late) next(late);
        }),
      );
      const first = due('R-81', await host.ask(pay()), wasExecuted('yes'));
      const second = due('R-73', await host.ask(pay({ orderId: 'CONF-2' })), wasExecuted('yes'));
      return [...first, ...second];
    },
    wire: (conversation) => {
      const orders = conversation.requests('PAY').map(({ message }) => orderOf(message));
      const copies = orders.filter((order) => order === 'CONF-2').length;
      return copies === 2 ? [] : [{ rule: 'R-73', text: `sent ${copies} copies of the second PAY, and 2 were due` }];
    },
  },
  {
    name: 'a doubt that is resolved later',
    wireRules: ['R-80', 'R-81'],
    factRules: ['R-81', 'R-84'],
    did: 'Executed a PAY, lost every reply within its 2500 ms, and asked again when the device answered.',
    expected: 'Unknown first, then HELLO, and the outcome executed.',
    talk: async (host, device) => {
      const stop = device.emulator.use(loseRepliesFrom('PAY'));
      const first = due('R-84', await host.ask(pay({ timeoutMs: 2500 })), { ...isUnknown('unknown'), pending: true });
      stop();
      return [...first, ...due('R-81', await host.ask(outcome), { outcome: 'executed', linkLive: 'yes' })];
    },
  },
  {
    name: 'a call after a command that is in doubt',
    wireRules: ['R-80'],
    factRules: ['R-84'],
    did: 'Left a PAY in doubt, and asked for another PAY.',
    expected: 'HELLO before the other PAY, and the other PAY executed.',
    talk: async (host, device) => {
      const stop = device.emulator.use(loseRepliesFrom('PAY'));
      await host.ask(pay({ timeoutMs: 2500 }));
      stop();
      return due('R-84', await host.ask(pay({ orderId: 'CONF-2' })), wasExecuted('yes'));
    },
  },
  {
    name: 'PAY in doubt: the last command is the PAY before',
    wireRules: ['R-81'],
    factRules: ['R-81'],
    did: 'Executed one PAY, and lost every copy of the next.',
    expected: 'The second PAY not executed: the last command that the host knows is its own.',
    talk: async (host, device) => {
      await host.ask(pay());
      device.emulator.use(loseRequestsOf('PAY', 3));
      return due('R-81', await host.ask(pay({ orderId: 'CONF-2' })), wasNotExecuted('no'));
    },
  },
  {
    name: 'in doubt: the last command is an earlier request of the same session',
    wireRules: ['R-80'],
    factRules: ['R-83'],
    did: 'Lost every copy of a PAY that came after a STATUS, and named the STATUS as the last command.',
    expected: 'The outcome unknown: no command had that number.',
    talk: async (host, device) => {
      await host.ask(status);
      const first = device.emulator.sessionInfo.session?.number ?? 0;
      device.emulator.use(loseRequestsOf('PAY', 3));
      device.emulator.use(editHello(1, () => ({ state: 'cancelled', lastCommand: { session: first, sequence: 1 } })));
      return due('R-83', await host.ask(pay()), isUnknown(['no', 'unknown']));
    },
  },
];

/** Judges one result. */
function due(rule: RuleId, facts: ToldFacts | undefined, allowed: AllowedFacts): Breach[] {
  if (!facts) return [{ rule, text: 'printed no result' }];
  if (areAllowed(facts, [allowed])) return [];
  const shown = factsText(Object.fromEntries(Object.keys(allowed).map((name) => [name, facts[name]])));
  return [{ rule, text: `said ${shown}, and right is: ${factsText(allowed)}` }];
}

/** Waits for STATUS, and gives a host that reads only in its calls another call. */
async function asksWithStatus(rule: RuleId, when: string, host: Talk, device: StagedDevice): Promise<Breach[]> {
  const asked = () =>
    device.events.some(
      (event) => event.event === 'message' && event.direction === 'in' && event.message.type === 'STATUS',
    );
  if (await device.until(asked, ASKS_MS)) return [];
  await host.ask(pay({ orderId: 'CONF-2' }));
  return asked() ? [] : [{ rule, text: `did not ask with STATUS ${when}` }];
}

function orderOf(message: Message | undefined): string | undefined {
  return message?.type === 'PAY' ? message.orderId : undefined;
}
