import { type Mutant, mutant, sdk } from './mutant.js';

/** Mistakes in the delivery of a command: its copies, the match of its reply, and its end. */
export const deliveryMutants: readonly Mutant[] = [
  // Delivery
  mutant(
    'retry under a new sequence',
    sdk('command/deliver'),
    'if (copies === 0)',
    'if (!reply)\n continue;\n if (copies === 0)',
  ),
  mutant(
    'a command that was refused for its sequence is sent again',
    sdk('command/outcome-rules'),
    "return reason === Reason.NO_SUCH_SESSION && !helloUsed ? 'again' : 'final';",
    "return helloUsed ? 'final' : 'again';",
  ),
  mutant(
    'a signal that was aborted before the call is not heeded',
    sdk('client/call-queue'),
    'if (signal?.aborted)\n            return Promise.reject(signal.reason);',
    '',
  ),
  mutant('a closed client takes a call', sdk('client/call-queue'), 'this.#closed = reason;', ''),
  mutant('a lost reply is called not-sent', sdk('command/deliver'), 'if (copies === 0)', 'if (!reply)'),
  mutant(
    'a refused copy is called not-sent',
    sdk('command/deliver'),
    'return refusedOnce ?? notSent(command.type, scope',
    'return notSent(command.type, scope',
  ),
  mutant(
    'the old answer to HELLO is believed',
    sdk('command/deliver'),
    'if (sessions.current === session)\n        sessions.drop(true);',
    '',
  ),
  mutant(
    'a doubt is forgotten',
    sdk('command/deliver'),
    'onDoubt(attempt, session.channel);\n        return leftInDoubt',
    'return leftInDoubt',
  ),
  mutant(
    'the last command is not kept',
    sdk('command/deliver'),
    'session.lastCommand = { session: attempt.session, sequence: attempt.sequence };',
    '',
  ),
  mutant(
    'last command ignored: always executed',
    sdk('command/outcome-rules'),
    'if (sameCommand(seen.lastCommand, attempt)) {',
    'if (true) {',
  ),
  mutant(
    'last command ignored: never executed',
    sdk('command/outcome-rules'),
    'if (sameCommand(seen.lastCommand, attempt)) {',
    'if (false) {',
  ),
  mutant(
    'anything but executed is called not-executed',
    sdk('command/outcome-rules'),
    'if (sameCommand(seen.lastCommand, attempt.last)) {',
    'if (true) {',
  ),
  mutant('boot id ignored', sdk('command/outcome-rules'), 'if (seen.bootId !== attempt.bootId)', 'if (false)'),
  mutant(
    'a refusal of one copy is believed of all',
    sdk('command/outcome-rules'),
    "if (copies > 1)\n        return 'doubt';",
    '',
  ),
  mutant(
    'a command is sent under a new number after several copies',
    sdk('command/outcome-rules'),
    'if (copies > 1)',
    'if (false)',
  ),
  mutant(
    'two POS programs take the session from each other without end',
    sdk('command/outcome-rules'),
    '&& !helloUsed',
    '',
  ),
  mutant(
    'the payment link of a CANCEL that lost to another host',
    sdk('command/outcome-rules'),
    "attempt.command === 'CANCEL' && seen.state === 'ready'",
    'false',
  ),
  mutant(
    'a refused CANCEL says that no payment link is live',
    sdk('command/outcome-rules'),
    "return command.oneOrder ? 'unknown' : 'yes';",
    "return 'no';",
  ),
  // Matching
  mutant(
    'reply matched by type alone',
    sdk('session/exchange'),
    'message.type === replyType && message.session === session && message.sequence === sequence',
    'message.type === replyType',
  ),
  mutant('session ignored in replies', sdk('session/exchange'), 'message.session === session &&', ''),
  mutant('sequence ignored in replies', sdk('session/exchange'), '&& message.sequence === sequence', ''),
  mutant(
    'nonce ignored',
    sdk('session/exchange'),
    'message.nonce === nonce && message.session !== 0',
    'message.session !== 0',
  ),
  // Settling
  mutant('an abort takes another call out of the queue', sdk('client/call-queue'), 'scope.offAbort(onEnd);', ''),
  mutant('no timer for the bound', sdk('common/scope'), 'this.abort(reason(stoodStillMs));', ';'),
  mutant('timer of a call not cleared', sdk('common/scope'), 'this.#cancelDeadline?.();', ''),
  mutant('timer of a reply not cleared', sdk('session/frame-channel'), 'cancelDeadline?.();', ''),
  mutant('waiting does not heed the signal', sdk('session/frame-channel'), 'scope.onAbort(onAbort);', ';'),
  mutant(
    'a lost link is not noticed',
    sdk('session/host-sessions'),
    'if (this.#channel === channel)\n                this.#forget(channel, error);',
    '',
  ),
  mutant(
    'the channel is not closed',
    sdk('session/host-sessions'),
    'if (channel)\n            this.#calls.track(channel.close());',
    '',
  ),
  mutant('the watcher is not removed', sdk('client/worker'), 'this.#unwatch?.()', 'undefined'),
  mutant(
    'the search ends after one failure',
    sdk('session/host-sessions'),
    '}\n            await this.#pause(scope);',
    '}\n            await new Promise(() => {});',
  ),
];
