import type { PaymentLinkState, PreviousPaymentLink, WireResult } from '@bluetap/protocol';
import type { BlueTapError } from './errors.js';
import type { Attempt, Facts, ResultCode } from './types.js';

/** The properties of every result, in addition to its facts. Each type below says which of them are present. */
interface Whole extends Facts {
  /** The vendor's code. It follows from the outcome and the cause. docs/reference/errors.md has the table. */
  readonly code: ResultCode;
  /** The state of the device's payment link, from the latest message of the device. */
  readonly state?: PaymentLinkState | undefined;
  /**
   * How often a phone read the payment link. If it is above 0 and the payment link is cancelled or expired, the shopper
   * may have paid.
   */
  readonly taps?: number | undefined;
  /** Identifies the command on the wire. Present as soon as a byte of the command may have left this host. */
  readonly attempt?: Attempt | undefined;
}

/** The properties of every result except an executed one. */
interface Failed extends Whole {
  /** Only an executed PAY has this property. */
  readonly remaining?: undefined;
  /** Only an executed PAY has this property. */
  readonly previous?: undefined;
  /** The cause of the code. */
  readonly error: BlueTapError;
}

/**
 * The device executed the command. Its reply says so, or its answer when the client asked again. This is the only
 * outcome whose code is SUCCESS.
 */
export interface CommandExecuted extends Whole {
  /** Selects this type. */
  readonly outcome: 'executed';
  /** Selects this type, as `outcome` does. */
  readonly code: 'SUCCESS';
  /** Always false, because the outcome is known. */
  readonly pending: false;
  /** The state of the device's payment link, from the latest message of the device. */
  readonly state: PaymentLinkState;
  /** How many seconds the payment link stays live, rounded up. Present only for a PAY whose reply came. */
  readonly remaining?: number | undefined;
  /**
   * The payment link that a PAY replaced, as it was when the PAY came. If its state was `ready`, it was live until then.
   * If its taps are above 0, it may have been paid. Absent if there was none, if the device does not tell it, or if the
   * reply of the PAY was lost.
   */
  readonly previous?: PreviousPaymentLink | undefined;
  /** Identifies the command on the wire. */
  readonly attempt: Attempt;
  /** An executed command has no error. */
  readonly error?: undefined;
}

/** The device refused the command. */
export interface CommandRefused extends Failed {
  /** Selects this type. */
  readonly outcome: 'refused';
  /** The code that the device answered. */
  readonly code: Exclude<WireResult, 'SUCCESS'>;
  /** Always false, because the outcome is known. */
  readonly pending: false;
  /** Identifies the command on the wire. */
  readonly attempt: Attempt;
  /** The cause. Its `reason` is the reason that the device gave. */
  readonly error: BlueTapError;
}

/** No byte of the command left this host. The command may be sent again. */
export interface CommandNotSent extends Failed {
  /** Selects this type. */
  readonly outcome: 'not-sent';
  /**
   * PARAM_ILLEGAL if a field breaks its rule: `error.fields` names each field. DEVICE_DISCONNECTED if there was no
   * device. PROCESS_FAIL in every other case.
   */
  readonly code: Exclude<ResultCode, 'SUCCESS' | 'UNKNOWN_EXCEPTION'>;
  /** Always false, because the outcome is known. */
  readonly pending: false;
  /** Absent, because the client asked the device nothing. */
  readonly state?: undefined;
  /** Absent, because the client asked the device nothing. */
  readonly taps?: undefined;
  /** Absent, because nothing was sent that the client could ask about. */
  readonly attempt?: undefined;
}

/**
 * The command left this host, and the device says that it did not execute the command. The command may be sent again.
 */
export interface CommandNotExecuted extends Failed {
  /** Selects this type. */
  readonly outcome: 'not-executed';
  /** The code for a command that was certainly not executed. */
  readonly code: 'PROCESS_FAIL';
  /** Always false, because the outcome is known. */
  readonly pending: false;
  /** The state of the device's payment link. */
  readonly state: PaymentLinkState;
  /** Identifies the command on the wire. */
  readonly attempt: Attempt;
  /** Says that no reply came, and how the client knows that the command was not executed. */
  readonly error: BlueTapError;
}

/** The device may have executed the command. The command must not be sent again before its outcome is known. */
export interface CommandUnknown extends Failed {
  /** Selects this type. */
  readonly outcome: 'unknown';
  /**
   * DEVICE_DISCONNECTED if the device is disconnected. UNKNOWN_EXCEPTION if the device is there, but cannot or does not
   * say the outcome.
   */
  readonly code: 'DEVICE_DISCONNECTED' | 'UNKNOWN_EXCEPTION';
  /** Says what happened, and whether the outcome can still become known. */
  readonly error: BlueTapError;
}

/**
 * The result of `pay`. `outcome` selects the type. `pay` never rejects: `error` describes a failure. `remaining` is
 * absent from an executed PAY whose reply was lost, because the device does not send this value again.
 */
export type PayResult = CommandExecuted | CommandRefused | CommandNotSent | CommandNotExecuted | CommandUnknown;

/** The result of `cancel`. `outcome` selects the type. An executed CANCEL always has `taps` and never `remaining`. */
export type CancelResult =
  | (CommandExecuted & { readonly taps: number; readonly remaining?: undefined; readonly previous?: undefined })
  | CommandRefused
  | CommandNotSent
  | CommandNotExecuted
  | CommandUnknown;

/** The result of `pay` or of `cancel`. */
export type CommandResult = PayResult | CancelResult;
