import { type Mutant, mutant, sdk } from './mutant.js';

const deliver = sdk('command/deliver');
const rules = sdk('command/outcome-rules');
const attempt = sdk('command/attempt');
const hostSession = sdk('session/host-session');
const sessions = sdk('session/host-sessions');
const emitter = sdk('client/emitter');

/** Mistakes about numbers at their end, other devices, other hosts, restarts, and two clients of one program. */
export const sessionsMutants: readonly Mutant[] = [
  // Numbers at their end
  {
    name: 'the sequence number after 255 is 1, in the same session',
    patches: [
      { file: hostSession, find: 'return this.#sequence === LAST_SEQUENCE;', replace: 'return false;' },
      {
        file: hostSession,
        find: 'return ++this.#sequence;',
        replace: 'this.#sequence = (this.#sequence % LAST_SEQUENCE) + 1;\n        return this.#sequence;',
      },
    ],
  },
  mutant(
    'a request gets the sequence number 256',
    hostSession,
    'return this.#sequence === LAST_SEQUENCE;',
    'return this.#sequence > LAST_SEQUENCE;',
  ),
  // The client says that the device contradicts itself, because session 1 is not after session 65535.
  mutant(
    'session numbers are compared without the step from 65535 to 1',
    sdk('command/contradictory-doubt'),
    'return (session - from + LAST_SESSION) % LAST_SESSION;',
    'return session - from;',
  ),
  // Another device in the same place
  mutant('another device settles a doubt', rules, 'if (seen.serialNumber !== attempt.serialNumber)', 'if (false)'),
  mutant(
    'a doubt is forgotten when another device answers',
    deliver,
    'if (facts.pending)\n            onDoubt(attempt, session.channel);',
    '',
  ),
  mutant(
    'a device with another serial number is used',
    sessions,
    "if (typeof device === 'string' && device !== hello.serialNumber && device !== id)",
    'if (false)',
  ),
  // Another host, and refusals
  mutant(
    'a question of the client itself takes the session back from another host',
    sdk('session/ask-for-payment-link'),
    'sessions.drop(false);',
    'sessions.drop(true);',
  ),
  mutant(
    'a refused command takes the session back without a call',
    deliver,
    'sessions.drop(false);',
    'sessions.drop(true);',
  ),
  // An earlier copy was executed, and the program is told that the command was refused.
  mutant(
    'reason 10 for one copy is believed of all copies',
    rules,
    'if (!isOfTheCopy(reason))',
    'if (reason !== Reason.NO_SUCH_SESSION)',
  ),
  mutant(
    'a refusal of HELLO is believed with any session',
    sdk('session/exchange'),
    'return message.session === 0;',
    'return true;',
  ),
  // A restart of the program
  mutant(
    'a command leaves before its attempt is stored',
    deliver,
    'await tellAttempt(attempt, onAttempt, scope);',
    'tellAttempt(attempt, onAttempt, scope).catch(() => { });',
  ),
  mutant(
    'the attempt is not told when a command is sent again under a new number',
    deliver,
    'if (onAttempt) {',
    'if (onAttempt && !refusedOnce) {',
  ),
  mutant(
    'attempts of an earlier run are not asked for',
    sdk('client/client'),
    'checkAttempts(options.pendingAttempts ?? [])',
    'checkAttempts([])',
  ),
  // The outcome of a command that was not executed stays unknown.
  mutant(
    'a stored attempt loses the last command before it',
    attempt,
    'const latest = last === null ? null : commandIdOf(last);',
    'const latest = null;',
  ),
  mutant('a stored CANCEL loses that it named an order', attempt, '...(oneOrder && { oneOrder: true })', ''),
  // Two clients of one program
  {
    name: 'two clients count in the same statistics',
    patches: [
      {
        file: sessions,
        find: 'export class HostSessions {',
        replace:
          'const counted = { sessions: 0, strayMessages: 0, droppedFrames: 0, contradictions: 0 };\nexport class HostSessions {',
      },
      {
        file: sessions,
        find: '#statistics = { sessions: 0, strayMessages: 0, droppedFrames: 0, contradictions: 0 };',
        replace: '#statistics = counted;',
      },
    ],
  },
  // A client without a call
  mutant(
    'a client does not look for its device after a doubt',
    sessions,
    'this.#wanted = wanted;',
    'this.#wanted = false;',
  ),
  mutant(
    'a client does not look for a device that was lost after another host had it',
    sessions,
    'this.#session = undefined;\n        this.#wanted = true;',
    'this.#session = undefined;',
  ),
  mutant(
    'a client looks for its device only for a call',
    sdk('client/worker'),
    '(this.sessions.wanted || !this.#queue.isEmpty)',
    '!this.#queue.isEmpty',
  ),
  mutant(
    'a client whose channel is lost waits for a call',
    sdk('client/worker'),
    'this.#tracker.lost(error);\n        this.#wake();',
    'this.#tracker.lost(error);',
  ),
  mutant(
    'a device that is not wanted is asked again and again',
    sessions,
    'this.#other = { id, error, until: clock.now() + OTHER_DEVICE_MS };',
    '',
  ),
  mutant(
    'the session goes on after reason 10',
    deliver,
    'if (refusal.reason === Reason.SEQUENCE_REUSED)\n                sessions.drop(true);',
    '',
  ),
  {
    name: 'a listener of one client hears the other client',
    patches: [
      { file: emitter, find: 'export class Emitter {', replace: 'const all = new Map();\nexport class Emitter {' },
      { file: emitter, find: '#listeners = new Map();', replace: '#listeners = all;' },
    ],
  },
];
