import { emulator, type Mutant, mutant } from './mutant.js';

const device = emulator('device/device');
const sessions = emulator('session/device-sessions');
const whole = emulator('emulator');
const noLinkFor = "if (cause === 'pay' || cause === 'cancel')";

/** Mistakes of the device in what it shows, counts and says. */
export const deviceMutants: readonly Mutant[] = [
  // Remaining and expiry
  mutant('remaining is rounded down', device, 'Math.ceil(left / 1000)', 'Math.floor(left / 1000)'),
  mutant(
    'remaining of a repeated PAY is the whole expiry time',
    sessions,
    "{ type: 'PAY_REPLY', ...head, remaining, previous }",
    "{ type: 'PAY_REPLY', ...head, remaining: live ? live.expiryTime : 0 }",
  ),
  mutant(
    'a payment link is told to be over, though its tag cannot be made blank',
    device,
    "if (this.#fault === 'stuck')",
    'if (false)',
  ),
  mutant(
    'the repeat of a PAY tells its own payment link as the previous one',
    sessions,
    'this.#accept(frame, session)',
    'this.#accept(frame, { ...session, previous: session.previous && this.#device.latest })',
  ),
  mutant(
    'previous is what the PAY has shown',
    sessions,
    'session.reason = reason;',
    'session.reason = reason;\n            session.previous = session.previous && this.#device.latest;',
  ),
  mutant(
    'STATUS tells remaining in milliseconds',
    sessions,
    '...tapped, remaining, ...link',
    '...tapped, remaining: remaining * 1000, ...link',
  ),
  mutant('a payment link is not over when its time is over', device, '&& left <= 0', '&& left < 0'),
  // Taps
  mutant(
    'a PAY keeps the taps of the payment link before',
    device,
    "this.#taps = 0;\n        this.#state = 'ready';",
    "this.#state = 'ready';",
  ),
  mutant(
    'CANCEL forgets the taps',
    device,
    "this.#end('cancelled', 'cancel');",
    "this.#taps = 0; this.#end('cancelled', 'cancel');",
  ),
  mutant(
    'the tap after 255 taps is tap 0',
    device,
    'Math.min(this.#taps + 1, MAX_TAPS)',
    '(this.#taps + 1) & MAX_TAPS',
  ),
  mutant('the reply to HELLO has no taps', sessions, '...(taps && { taps }),\n            nonce', 'nonce'),
  // LINK
  mutant(
    'a LINK that is dropped uses no number',
    whole,
    'if (connection.congested) {',
    'if (connection.congested) {\n            this.#sessions.open.linkSequence--;',
  ),
  mutant(
    'LINK numbers continue from the session before',
    sessions,
    'linkSequence: 0 };',
    'linkSequence: this.#session?.linkSequence ?? 0 };',
  ),
  mutant(
    'the LINK after number 255 has number 0',
    sessions,
    '(session.linkSequence % 255) + 1',
    '(session.linkSequence + 1) & 0xff',
  ),
  mutant('CANCEL causes a LINK as well', whole, noLinkFor, "if (cause === 'pay')"),
  mutant(
    'a fault of the NFC part causes no LINK',
    whole,
    noLinkFor,
    "if (cause === 'pay' || cause === 'cancel' || cause === 'fault')",
  ),
  // Sessions and commands
  mutant(
    'the session after 65535 has number 0',
    sessions,
    '(this.#number % 0xffff) + 1',
    '(this.#number + 1) & 0xffff',
  ),
  mutant(
    'a repeat of a refused command is answered with SUCCESS',
    sessions,
    'else\n            this.#handlers.onRepeat();',
    'else {\n            this.#handlers.onRepeat();\n            return this.#accept(frame);\n        }',
  ),
  mutant(
    'a CANCEL of another order is the last command',
    sessions,
    'return Reason.ORDER_MISMATCH;',
    '{ this.#lastCommand = { session: message.session, sequence: message.sequence }; return Reason.ORDER_MISMATCH; }',
  ),
  mutant('STATUS is the last command', sessions, 'else\n            return ACCEPTED;', ''),
  mutant(
    'CANCEL of one order ends every payment link',
    device,
    'if (orderId !== undefined && orderId !== live.orderId)',
    'if (false)',
  ),
];
