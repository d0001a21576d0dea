/**
 * Commands for an emulated device as one table: each has a verb, parameters with their rules, and an answer. Lines of JSON on
 * the stdin of `bluetap emulate`, the control service, its page and `bluetap device` use this table.
 *
 * @packageDocumentation
 */

export type { BehaviourRow } from './behaviour-rows.js';
export { BEHAVIOURS } from './behaviour-rows.js';
export type { CommandErrorCode, CommandRefusal } from './command-error.js';
export { CommandError } from './command-error.js';
export type { AnswerName, CommandRow } from './command-rows.js';
export { COMMANDS } from './command-rows.js';
export type { BehaviourView, DeviceState, DeviceView, NfcFaultName, SavedBehaviour } from './device-control.js';
export { DeviceControl, NFC_FAULTS } from './device-control.js';
export type { Obeyed, Performed } from './obey.js';
export { obey, obeyJson, perform, unknownDevice } from './obey.js';
export type { Parameter, ParameterValues } from './parameters.js';
export { checkParameters, ruleOf } from './parameters.js';
export { typescriptOf } from './typescript.js';
