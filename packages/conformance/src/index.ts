/**
<<<<<<< HEAD
 * Says which rules of docs/protocol.md a device, or a host, keeps. `judgeDevice` judges a device that a transport
 * reaches, and `judgeHost` judges a host program in any language. Both return a report.
=======
 * Says which rules of docs/protocol.md a device, or a host, keeps: `judgeDevice` and `judgeHost`. Both return a report of
 * plain data, for any test runner.
>>>>>>> 5ff3792aba10bae0f816f793ebec9744a9cc49d7
 *
 * @packageDocumentation
 */

<<<<<<< HEAD
export { type DeviceCaseName, type DeviceRunOptions, deviceCases, judgeDevice } from './device/judge-device.js';
=======
export { type DeviceRunOptions, deviceCases, judgeDevice, type ListedCase } from './device/judge-device.js';
>>>>>>> 5ff3792aba10bae0f816f793ebec9744a9cc49d7
export { type Declaration, type DeclaredFunction, readDeclaration } from './device/probe/declaration.js';
export type { Hook, HookAction, HookResult } from './device/probe/hook.js';
export { type HostCase, type HostRunOptions, hostCases, judgeHost } from './host/judge-host.js';
export { reportJUnit } from './report/junit.js';
export {
  type AnswerTimes,
  type CaseResult,
  type ConformanceReport,
  countsOf,
  type Ending,
  exitCodeOfReport,
  type Verdict,
  type WireLine,
} from './report/report.js';
export { reportText, type TextOptions } from './report/text.js';
export { RULES, type Rule, type RuleId, type Side } from './rules/rules.js';
