import { emulator, type Mutant, mutant, sdk } from './mutant.js';

const queue = sdk('client/call-queue');
const scope = sdk('common/scope');
const sessions = sdk('session/host-sessions');

/** Mistakes that leave something behind for each call, session or connection, so that a program that runs long grows. */
export const leaksMutants: readonly Mutant[] = [
  mutant('a call that has ended stays in the set of the queue', queue, 'this.#scopes.delete(scope);', ''),
  mutant(
    'a call that has ended stays in the set of its signal',
    queue,
    'if (signal)\n                this.#signals.remove(signal, scope);',
    '',
  ),
  mutant(
    'each call leaves a listener on its signal',
    sdk('client/abort-signals'),
    "signal.removeEventListener('abort', onAbort);",
    '',
  ),
  // The scope of the client lives as long as the client, and every search for a device waits in it.
  mutant(
    'each wait leaves a listener on its scope',
    scope,
    'scope.offAbort(onAbort);\n                how(value);',
    'how(value);',
  ),
  mutant(
    'each copy of a request leaves a listener on its scope',
    sdk('session/frame-channel'),
    'scope.offAbort(onAbort);\n            cancelDeadline?.();',
    'cancelDeadline?.();',
  ),
  mutant(
    'each opening of a channel leaves a listener on the scope of the client',
    scope,
    'this.#parent?.offAbort(this.#onParent);',
    '',
  ),
  mutant('every session is remembered', sessions, '.slice(-REMEMBERED_SESSIONS)', ''),
  mutant('a channel that opens too late stays open', sessions, '(late) => late.close()', '() => { }'),
  mutant('a channel on which no device answers stays open', sessions, 'this.#calls.leave(channel.close());', ''),
  mutant(
    'a pause leaves its timer when a call ends it',
    sessions,
    'this.#kick = undefined;\n            clock.clearTimeout(timer);',
    'this.#kick = undefined;',
  ),
  mutant(
    'the function that removes a listener does nothing',
    sdk('client/emitter'),
    'if (!stays)\n                listeners.delete(listener);',
    '',
  ),
  mutant(
    'the device keeps connections that have ended',
    emulator('emulator'),
    'this.#connections.delete(connection);',
    '',
  ),
  mutant(
    'the expiry timer of a replaced payment link stays',
    emulator('device/expiry-timer'),
    '#wait() {\n        this.stop();',
    '#wait() {',
  ),
];
