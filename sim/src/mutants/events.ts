import { type Mutant, mutant, sdk } from './mutant.js';

const tracker = sdk('client/link-tracker');
const order = sdk('client/told-in-order');
const pending = sdk('client/pending-attempts');
const sessions = sdk('session/host-sessions');

/** Mistakes in the events of a client: twice, missing, in the wrong order, or of the wrong device or order. */
export const eventsMutants: readonly Mutant[] = [
  mutant(
    'an event overtakes a result on its way through the program',
    order,
    'const HEARING_TURNS = 16;',
    'const HEARING_TURNS = 1;',
  ),
  // connected and disconnected
  mutant('connected is told at every new session', tracker, 'if (newChannel || another)', 'if (true)'),
  mutant(
    'connected is not told for a device that restarted on an open line',
    tracker,
    '|| this.#identity.bootId !== identity.bootId',
    '',
  ),
  mutant(
    'connected tells the identity of the first device',
    tracker,
    "this.#identity = identity;\n        if (newChannel || another)\n            this.#events.emit('connected', { ...identity, state, taps });",
    "this.#identity ??= identity;\n        if (newChannel || another)\n            this.#events.emit('connected', { ...this.#identity, state, taps });",
  ),
  // The program hears disconnected several times while a device does not answer HELLO.
  mutant('disconnected is told for a channel that never answered', sessions, 'this.#answered = false;', ''),
  mutant(
    'disconnected is not told while calls wait',
    sdk('client/worker'),
    'this.#tracker.lost(error);',
    'if (this.#queue.isEmpty)\n            this.#tracker.lost(error);',
  ),
  {
    name: 'disconnected is told after connected',
    patches: [
      {
        file: tracker,
        find: "this.#inOrder.tell(() => this.#events.emit('disconnected', error));",
        replace: 'this.lostWith = error;',
      },
      {
        file: tracker,
        find: "this.#events.emit('connected', { ...identity, state, taps });",
        replace: `{
                this.#events.emit('connected', { ...identity, state, taps });
                if (this.lostWith)
                    this.#events.emit('disconnected', this.lostWith);
                this.lostWith = undefined;
            }`,
      },
    ],
  },
  // A refusal of HELLO closes the channel, and the program hears of it only when a device answers again.
  mutant(
    'disconnected waits after a refused HELLO',
    sessions,
    'this.#options.onTold();\n            // A channel that was lost',
    '// A channel that was lost',
  ),
  // resolved
  mutant(
    'resolved is told before connected',
    tracker,
    'if (newChannel || another)',
    `for (const resolution of this.#pending.settle(session, this.#handlers.onContradiction))
            this.#events.emit('resolved', resolution);
        if (newChannel || another)`,
  ),
  mutant('resolved is told again at every session', pending, 'this.#pending = left;', ''),
  mutant(
    'only one of several doubts is told as resolved',
    pending,
    'settled.push({ attempt, ...facts, pending: false, state, taps });',
    'if (settled.length === 0)\n                settled.push({ attempt, ...facts, pending: false, state, taps });',
  ),
  mutant(
    'resolved tells the oldest attempt for every outcome',
    pending,
    'settled.push({ attempt, ...facts',
    'settled.push({ attempt: this.#pending[0].attempt, ...facts',
  ),
  mutant(
    'resolved is told before the result of the same command',
    sdk('command/deliver'),
    'const now = await sessions.obtain(scope, true);',
    'onDoubt(attempt, session.channel);\n        const now = await sessions.obtain(scope, true);',
  ),
  // link
  mutant('link is told before the result of a reply that came first', order, 'this.#untold = true;', ''),
  // An idle program does not hear of a tap or an expiry before its next call.
  mutant('a link event behind a reply waits for the next reply', order, 'void this.#afterHearing();', ';'),
  mutant('a LINK that comes twice is told twice', tracker, "if (order === 'repeat')\n            return;", ''),
  // Two POS programs that share a line get the LINK messages of each other.
  mutant(
    'a LINK of another session is told',
    sessions,
    'if (session && message.session === session.hello.session)',
    'if (session)',
  ),
  mutant('link does not tell the order', tracker, '...(orderId === undefined ? {} : { orderId })', ''),
  mutant(
    'link is told for what an own call has changed',
    sdk('client/client'),
    'if (state)\n            this.#tracker.seen({ state, taps: result.taps ?? 0 });',
    '',
  ),
  mutant('link is not told for a change that a new session shows', tracker, 'else if (changed)', 'else if (false)'),
];
