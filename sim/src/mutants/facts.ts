import { type Mutant, mutant, sdk } from './mutant.js';

const results = sdk('command/results');
const rules = sdk('command/outcome-rules');
const session = sdk('session/host-session');
const sessions = sdk('session/host-sessions');
const askStatus = sdk('session/ask-status');

/** Mistakes in what a result, a status or a counter says. */
export const factsMutants: readonly Mutant[] = [
  mutant(
    'a CANCEL of another order does not know whose payment link is live',
    rules,
    "if (outcome === 'executed' || reason === Reason.ORDER_MISMATCH)",
    "if (outcome === 'executed')",
  ),
  mutant(
    'a doubt about one device tells the state of another',
    results,
    'const shown = facts.pending ? {} : { state, taps };',
    'const shown = { state, taps };',
  ),
  // The payment link of a result
  mutant(
    'a result calls a payment link live that expired behind the reply',
    results,
    'const { since, mostTaps } = session;\n    const { state } = since ?? reply;',
    'const { since, mostTaps } = session;\n    const { state } = reply;',
  ),
  mutant(
    'a payment link that is over has time left',
    results,
    "remaining: state === 'ready' ? reply.remaining : 0",
    'remaining: reply.remaining',
  ),
  // The next PAY is told as not live, because the LINK of the payment link before says that it is over.
  mutant('a LINK from before the reply counts as newer than the reply', sessions, 'session.since = undefined;', ''),
  mutant(
    'a PAY that was not executed takes the live payment link for its own',
    rules,
    "return outcome === 'executed' ? 'yes' : 'no';",
    "return 'yes';",
  ),
  // The payment link that is live can be one that another host showed after the order of the CANCEL was over.
  mutant(
    'a CANCEL of one order takes every live payment link for its own',
    rules,
    "return command.oneOrder ? 'unknown' : 'yes';",
    "return 'yes';",
  ),
  mutant(
    'a PAY takes the payment link of another host for its own',
    rules,
    "const live = attempt.command === 'CANCEL' && seen.state === 'ready' ? 'unknown' : 'no';",
    "const live = seen.state !== 'ready' ? 'no' : attempt.command === 'CANCEL' ? 'unknown' : 'yes';",
  ),
  mutant(
    'a CANCEL that was never sent says that a payment link is live',
    results,
    "linkLive: type === 'PAY' ? 'no' : 'unknown', pending: false, error };",
    "linkLive: type === 'PAY' ? 'no' : 'yes', pending: false, error };",
  ),
  mutant(
    'a doubt is settled without the LINK behind the reply to HELLO',
    sdk('command/deliver'),
    'const seen = { ...now.hello, ...now.link };',
    'const seen = { ...now.hello, taps: now.hello.taps ?? 0 };',
  ),
  // The result of a CANCEL that was sent again and not sent in the end has the state from before another host's command.
  mutant(
    'a result tells the state of an earlier refusal',
    results,
    'const { state: _, ...result } = refused(attempt, refusal, session);',
    'const result = refused(attempt, refusal, session);',
  ),
  mutant(
    'the state of a refusal is older than the LINK behind it',
    results,
    'const { state } = since ?? reply;\n    return {\n        code: result,',
    'const { state } = reply;\n    return {\n        code: result,',
  ),
  // status()
  mutant(
    'a status is older than the LINK behind its reply',
    askStatus,
    "if (since && since.state !== 'ready')",
    'if (false)',
  ),
  mutant(
    'a status counts the taps twice when a LINK follows its reply',
    askStatus,
    'taps: since?.taps ?? status.taps ?? 0',
    'taps: (since?.taps ?? 0) + (status.taps ?? 0)',
  ),
  // Taps
  // A CANCEL then says that a phone had read a payment link that no phone has read.
  mutant('the taps of an order count for the next order', session, 'this.mostTaps = 0;', ''),
  mutant(
    'a tap between a PAY and its reply counts for the new payment link',
    sessions,
    "if (reply.type === 'PAY_REPLY')\n                session.maybeShown();",
    '',
  ),
  mutant('taps from before a session are not told', session, 'taps: this.hello.taps ?? 0', 'taps: 0'),
  // statistics
  mutant(
    'only sessions on a new channel are counted',
    sessions,
    'this.#statistics.sessions++;',
    'this.#statistics.sessions += Number(newChannel);',
  ),
  mutant(
    'a reply that no request waits for is not counted',
    sessions,
    'onStray: (message) => this.#stray(message),',
    'onStray: () => { },',
  ),
];
