import type { PaymentLinkState, WireResult } from '@bluetap/protocol';
import type { BlueTapError } from './errors.js';
import type { Attempt, Facts, ResultCode } from './types.js';

/** What a result has in addition to its facts. Each of the types below says which of these are there. */
interface Whole extends Facts {
  /** The vendor's code, made from the outcome and the cause. docs/reference/errors.md has the table. */
  readonly code: ResultCode;
  /** The state of the device's payment link, where the device said it. */
  readonly state?: PaymentLinkState | undefined;
  /** How often a phone read the payment link. Above 0 on one that is cancelled or expired: it may have been paid. */
  readonly taps?: number | undefined;
  /** Names the command on the wire; there once a byte of it may have left this host. */
  readonly attempt?: Attempt | undefined;
}

/** What every result but an executed one carries. */
interface Failed extends Whole {
  /** Only an executed PAY has it. */
  readonly remaining?: undefined;
  /** Says why it is not SUCCESS. */
  readonly error: BlueTapError;
}

/** The device did it, as its reply says, or its answer when it was asked again. The one outcome whose code is SUCCESS. */
export interface CommandExecuted extends Whole {
  /** Selects this type. */
  readonly outcome: 'executed';
  /** Selects this type too. */
  readonly code: 'SUCCESS';
  /** It is known. */
  readonly pending: false;
  /** The state of the device's payment link, as the device said it last. */
  readonly state: PaymentLinkState;
  /** Seconds that the payment link stays live, rounded up. Of a PAY alone, and only where its reply came. */
  readonly remaining?: number | undefined;
  /** Names the command on the wire. */
  readonly attempt: Attempt;
  /** There is none. */
  readonly error?: undefined;
}

/** The device answered that it will not. */
export interface CommandRefused extends Failed {
  /** Selects this type. */
  readonly outcome: 'refused';
  /** What the device answered. */
  readonly code: Exclude<WireResult, 'SUCCESS'>;
  /** It is known. */
  readonly pending: false;
  /** Names the command on the wire. */
  readonly attempt: Attempt;
  /** Says why; its `reason` is the device's. */
  readonly error: BlueTapError;
}

/** No byte of it left this host. It may be sent again. */
export interface CommandNotSent extends Failed {
  /** Selects this type. */
  readonly outcome: 'not-sent';
  /** PARAM_ILLEGAL, and `error.fields` names each field; DEVICE_DISCONNECTED; PROCESS_FAIL for the rest. */
  readonly code: Exclude<ResultCode, 'SUCCESS' | 'UNKNOWN_EXCEPTION'>;
  /** It is known. */
  readonly pending: false;
  /** Nothing was asked of the device. */
  readonly state?: undefined;
  /** Nothing was asked of the device. */
  readonly taps?: undefined;
  /** Nothing has left that could be asked about. */
  readonly attempt?: undefined;
}

/** It left this host, and the device has said that it did not execute it. It may be sent again. */
export interface CommandNotExecuted extends Failed {
  /** Selects this type. */
  readonly outcome: 'not-executed';
  /** Known not to have been executed. */
  readonly code: 'PROCESS_FAIL';
  /** It is known. */
  readonly pending: false;
  /** The state of the device's payment link. */
  readonly state: PaymentLinkState;
  /** Names the command on the wire. */
  readonly attempt: Attempt;
  /** Says that no reply came, and how the client knows. */
  readonly error: BlueTapError;
}

/** It may have been executed. It must not be sent again before its outcome is known. */
export interface CommandUnknown extends Failed {
  /** Selects this type. */
  readonly outcome: 'unknown';
  /** DEVICE_DISCONNECTED when the device is gone; UNKNOWN_EXCEPTION when it is there and cannot, or does not, tell. */
  readonly code: 'DEVICE_DISCONNECTED' | 'UNKNOWN_EXCEPTION';
  /** Says what happened, and whether it can still become known. */
  readonly error: BlueTapError;
}

/**
 * What `pay` gives, by `outcome`. It never rejects: `error` says what went wrong. `remaining` is absent from an executed
 * one whose reply was lost: the device does not tell it again.
 */
export type PayResult = CommandExecuted | CommandRefused | CommandNotSent | CommandNotExecuted | CommandUnknown;

/** What `cancel` gives, as `pay`. An executed one always has `taps`, and never `remaining`. */
export type CancelResult =
  | (CommandExecuted & { readonly taps: number; readonly remaining?: undefined })
  | CommandRefused
  | CommandNotSent
  | CommandNotExecuted
  | CommandUnknown;

/** What one of the two gives. */
export type CommandResult = PayResult | CancelResult;
