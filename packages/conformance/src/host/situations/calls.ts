import type { AllowedFacts } from '../contract/facts.js';
import type { CancelCall, PayCall, QuestionCall } from '../contract/host-call.js';

/** The order id of the calls of a situation. */
export const ORDER = 'CONF-1';

/** A PAY with every field but the expiry time. */
export const pay = (fields: Partial<Omit<PayCall, 'do'>> = {}): PayCall => ({
  do: 'pay',
  paymentMethod: 'TRUEMONEY',
  orderId: ORDER,
  amount: '27.01',
  timeoutMs: 5000,
  ...fields,
});

/** A CANCEL of the order. */
export const cancelOrder = (fields: Partial<Omit<CancelCall, 'do'>> = {}): CancelCall => ({
  do: 'cancel',
  orderId: ORDER,
  timeoutMs: 5000,
  ...fields,
});

/** A CANCEL of whatever payment link is live. */
export const cancelAny: CancelCall = { do: 'cancel', timeoutMs: 5000 };

export const status: QuestionCall = { do: 'status', timeoutMs: 5000 };

/** Asks again about the command in doubt. */
export const outcome: QuestionCall = { do: 'outcome', timeoutMs: 5000 };

const FAILED = ['PARAM_ILLEGAL', 'PROCESS_FAIL', 'UNKNOWN_EXCEPTION', 'DEVICE_DISCONNECTED'];

type LinkLive = 'yes' | 'no' | 'unknown' | readonly string[];

/** The device has executed the command. */
export const wasExecuted = (linkLive: LinkLive): AllowedFacts => ({ code: 'SUCCESS', outcome: 'executed', linkLive });

/** The device has said that it did not execute the command. */
export const wasNotExecuted = (linkLive: LinkLive): AllowedFacts => ({
  code: FAILED,
  outcome: 'not-executed',
  linkLive,
});

/** The device has refused the command. @param code The result of the refusal, or any failure. */
export const wasRefused = (linkLive: LinkLive, code: string | readonly string[] = FAILED): AllowedFacts => ({
  code,
  outcome: 'refused',
  linkLive,
});

/** Nothing is known of the command. */
export const isUnknown = (linkLive: LinkLive): AllowedFacts => ({ code: FAILED, outcome: 'unknown', linkLive });

/** No byte of the command has left the host. */
export const wasNotSent = (linkLive: LinkLive): AllowedFacts => ({ code: FAILED, outcome: 'not-sent', linkLive });
