/**
 * Tools for developers of a transport. They keep the rules of the contract over a library that does not know the rules.
 *
 * @packageDocumentation
 */

export { inShort } from '../in-short.js';
export { printable, show } from '../printable.js';
export { busy, noAnswer, notThere, permissionDenied, unplugged } from './advice.js';
export { bindMethods } from './bind-methods.js';
export { type Bounds, bounded } from './bounded.js';
export { callBack } from './call-back.js';
export {
  aBoolean,
  aClock,
  aFunction,
  anAbortSignal,
  anObject,
  aString,
  aWholeNumber,
  checkOptions,
  hasFunctions,
  milliseconds,
  type OptionProblem,
  type OptionRule,
  type OptionRules,
  optionProblems,
} from './check-options.js';
export { setDeadline, stoodStill } from './deadline.js';
export { deviceText, knownSerialNumber } from './device-text.js';
export { listFailure, type NativeLibrary, type Origin, openFailure, UDEV_RULE } from './failures.js';
export { handData, tellClose } from './handlers.js';
export { loadError, loaded } from './load-error.js';
export { type NativeParts, nativeTransport } from './native-transport.js';
export { pollForChanges } from './poll.js';
export { type ChannelParts, QueuedChannel } from './queued-channel.js';
export { messageOf, readSystemError, type SystemError } from './system-error.js';
export type { SystemErrorKind } from './system-error-tables.js';
