import { type Mutant, mutant, sdk } from './mutant.js';

const reply = sdk('session/contradictory-reply');
const doubt = sdk('command/contradictory-doubt');
const rules = sdk('command/outcome-rules');

/** Mistakes in what is not believed, because it cannot be true. */
export const contradictionsMutants: readonly Mutant[] = [
  mutant(
    'a PAY that failed with a live payment link is believed',
    reply,
    "type === 'PAY_REPLY' && reply.reason === Reason.NFC_FAULT && state === 'ready'",
    'false',
  ),
  mutant('a CANCEL with a live payment link is believed', reply, "if (type === 'CANCEL_REPLY')", 'if (false)'),
  mutant('a PAY that is over and has time left is believed', reply, "if (type === 'PAY_REPLY')", 'if (false)'),
  mutant(
    'a session with the number of the last command is believed',
    reply,
    'if (lastCommand?.session === session)',
    'if (false)',
  ),
  mutant(
    'a device that forgot its last command is believed',
    doubt,
    "if (!lastCommand && state !== 'idle')",
    'if (false)',
  ),
  mutant(
    'a CANCEL in doubt was executed, though a payment link is live',
    doubt,
    "command === 'CANCEL' && state === 'ready'",
    'false',
  ),
  mutant('a last command of long ago is believed', doubt, 'return known || later ?', 'return true ?'),
  mutant(
    'a last command that was no command is believed',
    doubt,
    "return 'names a last command of this session that it never reported to have executed';",
    'return undefined;',
  ),
  mutant(
    'a payment link is not live, because the device contradicts itself',
    rules,
    "linkLive: seen.state === 'ready' ? 'unknown' : 'no', pending: false",
    "linkLive: 'no', pending: false",
  ),
  mutant(
    'a doubt about which the device contradicts itself stays',
    rules,
    "linkLive: seen.state === 'ready' ? 'unknown' : 'no', pending: false",
    "linkLive: seen.state === 'ready' ? 'unknown' : 'no', pending: true",
  ),
  mutant(
    'a LINK that makes a payment link live again is believed',
    sdk('client/link-tracker'),
    "if (session.paymentLinkOver && state === 'ready')",
    'if (false)',
  ),
  mutant(
    'the client does not ask after a LINK that cannot be true',
    sdk('client/link-tracker'),
    "although no PAY came in between');\n            this.#handlers.onGap();",
    "although no PAY came in between');",
  ),
  mutant(
    'a CANCEL with fewer taps than before is believed',
    sdk('command/results'),
    'state, taps: mostTaps, attempt',
    'state, taps: reply.taps ?? 0, attempt',
  ),
  mutant('the taps of a STATUS are forgotten', sdk('session/host-sessions'), 'session.takeTaps(reply.taps ?? 0);', ';'),
  mutant('a contradiction is not counted', sdk('session/host-sessions'), 'this.#statistics.contradictions++;', ''),
  mutant(
    'a reply that contradicts itself ends the wait',
    sdk('session/host-sessions'),
    'this.contradicted(contradiction);\n                return false;',
    'this.contradicted(contradiction);\n                return true;',
  ),
];
