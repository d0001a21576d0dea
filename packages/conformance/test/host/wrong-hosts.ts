import type { RuleId } from '@bluetap/conformance';

/** One host that is wrong in one thing, and where it is noticed. */
export interface WrongHost {
  /** The value of MISTAKE, as `programs/host.mjs` knows it. */
  readonly mistake: string;
  /** The rule that it breaks. */
  readonly rule: RuleId;
  /** The situation that is run, by its name. */
  readonly run: string;
  /** True if the case of the rule over all runs notices it, and not the situation itself. */
  readonly inEveryRun?: true;
  /** True if only several calls of one process show it. */
  readonly lines?: true;
}

const host = (mistake: string, rule: RuleId, run: string): WrongHost => ({ mistake, rule, run });
const everywhere = (mistake: string, rule: RuleId, run = 'a PAY'): WrongHost => ({
  mistake,
  rule,
  run,
  inEveryRun: true,
});
const talking = (mistake: string, rule: RuleId, run: string): WrongHost => ({ mistake, rule, run, lines: true });

/** The wrong hosts, in the order of the rules. */
export const WRONG_HOSTS: readonly WrongHost[] = [
  host('no-delimiter-before', 'R-1', 'a PAY'),
  host('no-delimiter-after', 'R-1', 'a PAY'),
  host('needs-first-delimiter', 'R-2', 'the first reply without the delimiter before it'),
  host('padding-hides-the-next', 'R-2', '20 bytes of padding before each reply'),
  host('oversize-takes-the-next', 'R-3', '140 bytes without a delimiter before each reply'),
  host('keeps-partial', 'R-4', 'half a reply, a silence, and a whole reply'),
  host('no-crc', 'R-5', 'PAY: the first reply has one flipped bit'),
  host('refuses-unknown-fields', 'R-6', 'an unknown field in the reply'),
  host('skips-critical-fields', 'R-6', 'PAY: the first reply has an unknown critical field'),
  everywhere('tags-descend', 'R-6'),
  host('refuses-defaults', 'R-7', 'defaults written out, and unknown flags'),
  host('refuses-flags', 'R-7', 'defaults written out, and unknown flags'),
  host('fixed-nonce', 'R-70', 'HELLO: one request is lost'),
  host('same-hello', 'R-70', 'HELLO: one request is lost'),
  host('no-hello', 'R-70', 'a PAY'),
  host('any-nonce', 'R-70', 'HELLO: the reply to the first one is late'),
  host('two-requests', 'R-71', 'a device that takes 400 ms for each answer'),
  host('sequence-from-0', 'R-72', 'a PAY'),
  host('sequence-from-2', 'R-72', 'a PAY'),
  talking('wraps-sequence', 'R-72', '260 requests of one process'),
  host('any-session', 'R-73', 'PAY: a reply of another session'),
  host('any-sequence', 'R-73', 'PAY: a reply of another sequence'),
  host('any-type', 'R-73', 'PAY: a reply of another type'),
  host('takes-requests-for-replies', 'R-73', 'a line that echoes'),
  host('reads-half-replies', 'R-74', 'PAY: the first reply has a success without remaining'),
  host('reads-damaged-refusals', 'R-74', 'PAY: the first reply has a refusal with remaining'),
  host('early-repeat', 'R-75', 'PAY: one request is lost'),
  host('late-repeat', 'R-75', 'PAY: one request is lost'),
  host('four-copies', 'R-75', 'a device that answers nothing after HELLO'),
  host('no-repeat', 'R-75', 'PAY: one reply is lost'),
  everywhere('repeats-with-another-sequence', 'R-76', 'PAY: one reply is lost'),
  host('sends-again-after-doubt', 'R-76', 'PAY in doubt: executed, and the payment link is live'),
  talking('ignores-gaps', 'R-77', 'a gap in the numbers of LINK'),
  host('believes-late-refusals', 'R-78', 'PAY: executed, and the second copy is refused with reason 10'),
  host('sends-refused-again', 'R-78', 'PAY: refused with reason 3'),
  host('refused-cancel-is-known', 'R-78', 'CANCEL: every copy is refused with reason 4'),
  host('endless-sessions', 'R-79', 'PAY: every copy is refused with reason 4'),
  host('status-in-doubt', 'R-80', 'PAY in doubt: executed, and the payment link is live'),
  talking('sends-in-doubt', 'R-80', 'a call after a command that is in doubt'),
  host('none-is-unknown', 'R-81', 'PAY in doubt: not executed'),
  host('other-is-not-executed', 'R-81', 'PAY in doubt: another host has acted since then'),
  host('lost-is-failure', 'R-81', 'PAY in doubt: executed, and the payment link is live'),
  host('ignores-boot-id', 'R-81', 'PAY in doubt: the device has restarted'),
  host('success-is-live', 'R-82', 'PAY: the reply is lost, and the repeat finds the payment link over'),
  host('executed-is-live', 'R-82', 'PAY in doubt: executed, and the payment link has expired'),
  host('one-order-is-live', 'R-82', 'CANCEL of one order in doubt: not executed, and a payment link is live'),
  host('other-is-unknown-link', 'R-82', 'PAY in doubt: another host has acted since then'),
  host('believes-replies', 'R-83', 'a reply that cannot be true: CANCEL: executed, and the payment link is live'),
  host('believes-hello', 'R-83', 'HELLO opens a session with the number of the last command'),
  host('believes-doubts', 'R-83', 'in doubt: no last command, and a payment link is live'),
  host('believes-fewer-taps', 'R-83', 'CANCEL: executed with fewer taps than were told before'),
  talking('believes-links', 'R-83', 'LINK says that a payment link is live which was over'),
  host('gone-is-not-sent', 'R-84', 'the connection closes after the PAY was executed, and the device stays away'),
  host('no-check', 'R-85', 'a PAY with an amount with a comma'),
  host('modem-string', 'R-86', 'a PAY'),
  host('ignores-serial-number', 'R-88', 'the connection closes after the PAY was executed, and another device comes'),
  host('refuses-unknown-reasons', 'R-89', 'PAY: refused with PARAM_ILLEGAL and the unknown reason 200'),
];
