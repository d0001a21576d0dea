import { describeReason, Reason, type StatusAccepted } from '@bluetap/protocol';
import { BlueTapError } from './result.js';
import type { SessionKeeper } from './session-keeper.js';

/**
 * Asks for the state of the link until there is an answer or the signal ends it. STATUS changes nothing, so unlike a
 * command it is simply asked again, in a new session too.
 * @throws BlueTapError when the device refuses, or the signal's reason.
 */
export async function askStatus(keeper: SessionKeeper, signal: AbortSignal): Promise<StatusAccepted> {
  let helloUsed = false;
  for (;;) {
    const session = await keeper.ready(signal);
    const reply = await session.connection
      .exchange({ type: 'STATUS', ...session.next() }, () => {}, signal)
      .catch(() => signal.throwIfAborted());
    if (reply?.result === 'SUCCESS') return reply as StatusAccepted;
    if (reply) {
      const { result, reason } = reply;
      const sessionGone = reason === Reason.NO_SUCH_SESSION || reason === Reason.SEQUENCE_REUSED;
      if (!sessionGone || helloUsed) {
        if (sessionGone) keeper.drop(false);
        const text = `${session.hello.serialNumber} refused STATUS: ${describeReason(reason)} (reason ${reason}).`;
        throw new BlueTapError(result, text, { reason });
      }
      helloUsed = true;
    }
    // The session did not answer, or is not the current one any more.
    if (keeper.session === session) keeper.drop(true);
  }
}
