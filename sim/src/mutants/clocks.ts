import { type Mutant, mutant, sdk } from './mutant.js';

const worker = sdk('client/worker');

/** A timer that decides as soon as it fires, also if the program was blocked and has not read what waits. */
const plainTimer =
  '((clock, ms, onTimeUp) => { const timer = clock.setTimeout(() => onTimeUp(0), ms); return () => clock.clearTimeout(timer); })';

/** Mistakes about time: late timers, the limit of a call, and the keepalive. */
export const clocksMutants: readonly Mutant[] = [
  // A program that was blocked is told that the outcome is unknown, while the reply waits in the system.
  mutant(
    'a late timer ends a call before the reply that waits is read',
    sdk('common/scope'),
    'setDeadline(this.#clock, ms,',
    `${plainTimer}(this.#clock, ms,`,
  ),
  mutant(
    'a late timer sends another copy before the reply that waits is read',
    sdk('session/frame-channel'),
    'setDeadline(this.#clock, REPLY_TIMEOUT_MS,',
    `${plainTimer}(this.#clock, REPLY_TIMEOUT_MS,`,
  ),
  {
    name: 'the limit of a call begins when its turn comes',
    patches: [
      {
        file: sdk('client/call-queue'),
        find: 'scope.limit(timeoutMs, (stoodStillMs) => expired(started, stoodStillMs));',
        replace: '',
      },
      {
        file: sdk('client/call-queue'),
        find: 'started = true;',
        replace: 'started = true;\n scope.limit(timeoutMs, (stoodStillMs) => expired(started, stoodStillMs));',
      },
    ],
  },
  // Keepalive
  mutant(
    'each keepalive takes a new sequence number',
    sdk('session/host-session'),
    'const sequence = this.#latestRepeats ? this.#sequence : this.next();',
    'const sequence = this.next();',
  ),
  mutant(
    'a call does not stop the timer of the keepalive',
    sdk('client/keep-alive'),
    'this.#clock.clearTimeout(this.#timer);',
    '',
  ),
  mutant(
    'close starts the timer of the keepalive again',
    worker,
    'if (this.sessions.current && !this.#closing.aborted)',
    'if (this.sessions.current)',
  ),
  // The program does not hear disconnected before its next command ends in doubt.
  mutant(
    'a device that answers no keepalive counts as connected',
    sdk('session/ask-for-payment-link'),
    "channel.giveUp(new TransportError('disconnected', text));",
    '',
  ),
];
