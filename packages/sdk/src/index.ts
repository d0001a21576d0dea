export { type CancelCommand, type LinkState, type PayCommand, PaymentMethod } from '@bluetap/protocol';
export type { CallOptions } from './call-queue.js';
export { checkCancelCommand, checkPayCommand, type FieldError } from './check-command.js';
export type { DeviceFilter } from './choose-device.js';
export { Client, connect } from './client.js';
export type { ClientEvents } from './client-events.js';
export type { ClientOptions, PayOptions } from './client-options.js';
export { describeReason } from './describe-reason.js';
export type { LogFields, Logger } from './logger.js';
export {
  type Attempt,
  BlueTapError,
  type CommandResult,
  type DeviceIdentity,
  type Facts,
  type LinkEvent,
  type LinkLive,
  type LinkStatus,
  type Outcome,
  type Resolution,
  ResultCode,
} from './result.js';
export type { Statistics } from './session-keeper.js';
export { TinyCommand } from './tiny-command.js';
