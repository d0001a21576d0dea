/**
 * The SDK for a POS program. `connect` returns a `Client`, which sends PayCommands and reports the outcome of each one.
 * `TinyCommand` has the shape of the vendor's call: it takes a command and returns a result code. Both need a
 * transport.
 *
 * @packageDocumentation
 */

export {
  type CancelCommand,
  type PayCommand,
  type PaymentLinkState,
  PaymentMethod,
  type PreviousPaymentLink,
  Reason,
  type TapSource,
} from '@bluetap/protocol';
export type { CallOptions } from './client/call-queue.js';
export { Client, connect } from './client/client.js';
export type { ClientEvents } from './client/client-events.js';
export type { ClientOptions, PayOptions } from './client/client-options.js';
export { checkCancelCommand, checkPayCommand } from './command/validate.js';
export type {
  CancelResult,
  CommandExecuted,
  CommandNotExecuted,
  CommandNotSent,
  CommandRefused,
  CommandResult,
  CommandUnknown,
  PayResult,
} from './common/command-result.js';
export { describeReason } from './common/describe-reason.js';
export { BlueTapError, type FieldError, type ReasonNumber } from './common/errors.js';
export type { LogFields, Logger } from './common/logger.js';
export {
  type Attempt,
  type DeviceIdentity,
  type Facts,
  isPaymentMethod,
  isResultCode,
  type LinkLive,
  type Outcome,
  type PaymentLinkEvent,
  type PaymentLinkStatus,
  type Resolution,
  ResultCode,
} from './common/types.js';
export type { DeviceFilter } from './session/choose-device.js';
export type { Statistics } from './session/host-sessions.js';
export { TinyCommand } from './tiny-command.js';
