import { describe, expect, it } from 'vitest';
import {
  type CommandId,
  type PaymentLinkState,
  Reason,
  type Refused,
  type Reply,
} from '../../packages/protocol/src/index.js';
import { PAYMENT_LINK_STATES, REASONS } from '../../packages/protocol/src/tools/index.js';
import { contradictionOverDoubt, type Seen } from '../../packages/sdk/src/command/contradictory-doubt.js';
import { linkLiveAfter, settleDoubt, weighRefusal } from '../../packages/sdk/src/command/outcome-rules.js';
import { notSent, refusedEarlier } from '../../packages/sdk/src/command/results.js';
import type { Attempt, LinkLive } from '../../packages/sdk/src/index.js';
import { contradictionInReply } from '../../packages/sdk/src/session/contradictory-reply.js';
import type { HostSession } from '../../packages/sdk/src/session/host-session.js';
import { Promela } from './promela.js';

const model = new Promela(new URL('../delivery.pml', import.meta.url));
const rule = (name: string) => model.rule(name);

const BOOLEANS = [false, true];
/** Every reason of the protocol, and one that it does not have. */
const ALL_REASONS = [...REASONS.map(({ number }) => number), 99];
const COMMANDS = [
  { command: 'PAY' },
  { command: 'CANCEL' },
  { command: 'CANCEL', oneOrder: true },
] as const satisfies Partial<Attempt>[];

const LINK: Readonly<Record<LinkLive, number>> = {
  no: model.constant('L_NO'),
  yes: model.constant('L_YES'),
  unknown: model.constant('L_UNKNOWN'),
};
/** "Not executed" of the model is also "not sent" and "refused". */
const OUTCOME = {
  executed: model.constant('O_EXECUTED'),
  'not-executed': model.constant('O_NOT_EXECUTED'),
  refused: model.constant('O_NOT_EXECUTED'),
  'not-sent': model.constant('O_NOT_EXECUTED'),
  unknown: model.constant('O_UNKNOWN'),
} as const;

function attemptFor(parts: Partial<Attempt>): Attempt {
  return { command: 'PAY', serialNumber: 'A', bootId: 1, session: 1, sequence: 1, last: null, ...parts };
}

describe('refusalRule of the model', () => {
  it('is weighRefusal, for every reason and every number of copies', () => {
    const weights = { final: 'FINAL', again: 'AGAIN', doubt: 'DOUBT' } as const;
    for (const reason of ALL_REASONS) {
      for (const copies of [1, 2, 3]) {
        for (const used of BOOLEANS) {
          const weight = model.constant(weights[weighRefusal(reason, copies, used)]);
          expect(rule('refusalRule')(reason, copies, used), `${reason} ${copies} ${used}`).toBe(weight);
        }
      }
    }
  });
});

describe('linkRule of the model', () => {
  it.each(['executed', 'not-executed', 'refused'] as const)('is linkLiveAfter: %s', (outcome) => {
    const reasons = outcome === 'refused' ? ALL_REASONS : [undefined];
    for (const command of COMMANDS) {
      const { oneOrder } = attemptFor(command);
      for (const state of PAYMENT_LINK_STATES) {
        for (const reason of reasons) {
          const ours = [command.command === 'PAY', oneOrder === true, OUTCOME[outcome], state === 'ready', reason ?? 0];
          const link = LINK[linkLiveAfter(command, outcome, state, reason)];
          expect(rule('linkRule')(...ours), `${JSON.stringify(command)} ${state} ${reason}`).toBe(link);
        }
      }
    }
  });
});

describe('unsentLinkRule of the model', () => {
  it.each(['PAY', 'CANCEL'] as const)('is the result of a %s that was not sent, or was refused earlier', (command) => {
    const refusal: Refused = {
      type: `${command}_REPLY`,
      session: 1,
      sequence: 1,
      result: 'PROCESS_FAIL',
      reason: Reason.NO_SUCH_SESSION,
      state: 'ready',
    };
    const link = rule('unsentLinkRule')(command === 'PAY');
    const results = [
      notSent(command, new Error('no device')),
      refusedEarlier(attemptFor({ command }), refusal, { since: undefined } as HostSession),
    ];
    expect(results.map(({ linkLive }) => LINK[linkLive])).toEqual([link, link]);
    expect(results.map(({ outcome }) => OUTCOME[outcome])).toEqual([OUTCOME.refused, OUTCOME.refused]);
  });
});

describe('replyContradictionRule of the model', () => {
  it.each(['PAY', 'CANCEL'] as const)('is contradictionInReply: %s', (command) => {
    const type = model.constant(`${command}_REPLY`);
    for (const state of PAYMENT_LINK_STATES) {
      for (const reason of [0, ...ALL_REASONS]) {
        const head = { type: `${command}_REPLY`, session: 1, sequence: 1, state } as const;
        const rest = reason === 0 ? { result: 'SUCCESS', remaining: 0 } : { result: 'PROCESS_FAIL', reason };
        const contradicts = contradictionInReply({ ...head, ...rest } as Reply, []) !== undefined;
        const ours = rule('replyContradictionRule')(type, reason, state === 'ready');
        expect(Boolean(ours), `${state} ${reason}`).toBe(contradicts);
      }
    }
  });
});

/** The commands of three sessions with three sequences each, and none. */
const NAMES = [undefined, ...[1, 2, 3].flatMap((session) => [1, 2, 3].map((sequence) => ({ session, sequence })))];
const nameOf = (id: CommandId | undefined) => (id ? rule('name')(id.session, id.sequence) : 0);

describe('helloContradictionRule of the model', () => {
  it('is contradictionInReply, for a host without earlier sessions', () => {
    for (const session of [1, 2, 3]) {
      for (const lastCommand of NAMES) {
        const reply = { ...HELLO_REPLY, session, lastCommand } as Reply;
        const contradicts = contradictionInReply(reply, []) !== undefined;
        expect(Boolean(rule('helloContradictionRule')(session, nameOf(lastCommand)))).toBe(contradicts);
      }
    }
  });
});

const HELLO_REPLY = {
  type: 'HELLO_REPLY',
  sequence: 0,
  result: 'SUCCESS',
  state: 'idle',
  nonce: 1,
  model: 'B',
  firmware: 'C',
  serialNumber: 'A',
  bootId: 1,
} as const;

/** One question about a doubt: what the host stored, and what the device says. */
interface Question {
  readonly attempt: Attempt;
  readonly seen: Seen;
  readonly stayed: boolean;
}

/** Every question about one command, in which the reply to HELLO opened a later session. */
function* questionsAbout(asked: CommandId, command: Partial<Attempt>): Generator<Question> {
  for (const last of NAMES) {
    // L was there before the command.
    if (nameOf(last) >= nameOf(asked)) continue;
    const attempt = attemptFor({ ...command, ...asked, last: last ?? null });
    for (const bootId of [1, 2]) {
      for (const stayed of BOOLEANS) {
        for (const session of [asked.session + 1, asked.session + 2]) {
          for (const lastCommand of NAMES) {
            for (const state of PAYMENT_LINK_STATES) {
              yield { attempt, seen: { serialNumber: 'A', bootId, session, lastCommand, state }, stayed };
            }
          }
        }
      }
    }
  }
}

/** Decides with the expressions of the model, in the same way as `settleDoubt` in delivery.pml does. */
function inTheModel() {
  const contradicts = rule('doubtContradictionRule');
  const outcomeOf = rule('doubtRule');
  const link = rule('linkRule');
  const unknownLink = rule('unknownLinkRule');
  const is = (state: PaymentLinkState, name: string) => PAYMENT_LINK_STATES.indexOf(state) === model.constant(name);
  return ({ attempt, seen, stayed }: Question) => {
    const pay = attempt.command === 'PAY';
    const [asked, known, last] = [attempt, attempt.last ?? undefined, seen.lastCommand].map(nameOf) as [
      number,
      number,
      number,
    ];
    const sameBoot = attempt.bootId === seen.bootId;
    const live = is(seen.state, 'READY');
    const blank = is(seen.state, 'IDLE');
    const against = contradicts(pay, asked, known, sameBoot, stayed, seen.session, last, live, blank);
    const outcome = outcomeOf(against, sameBoot, last, asked, known);
    const linkFact =
      outcome === OUTCOME.unknown
        ? unknownLink(against, pay, live)
        : link(pay, attempt.oneOrder === true, outcome, live, 0);
    return { contradicts: Boolean(against), outcome, linkFact };
  };
}

describe('the rules of the model about a doubt', () => {
  it.each(COMMANDS)('are settleDoubt and contradictionOverDoubt: %o', (command) => {
    const decide = inTheModel();
    let asked = 0;
    const different: unknown[] = [];
    const met = new Set<string>();
    for (const id of NAMES) {
      if (!id) continue;
      for (const question of questionsAbout(id, command)) {
        const { attempt, seen, stayed } = question;
        const facts = settleDoubt(attempt, seen, stayed);
        const contradicts = contradictionOverDoubt(attempt, seen, stayed) !== undefined;
        const theirs = { contradicts, outcome: OUTCOME[facts.outcome], linkFact: LINK[facts.linkLive] };
        const ours = decide(question);
        asked++;
        met.add(`${contradicts} ${facts.outcome}`);
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push({ ...question, ours, theirs });
      }
    }
    expect(different.slice(0, 3)).toEqual([]);
    expect(asked).toBeGreaterThan(10_000);
    expect([...met].sort()).toEqual(['false executed', 'false not-executed', 'false unknown', 'true unknown']);
  });
});
