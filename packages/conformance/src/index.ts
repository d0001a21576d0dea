/**
 * Says which rules of docs/protocol.md a device, or a host, keeps: `judgeDevice` and `judgeHost`. Both return a report of
 * plain data, for any test runner.
 *
 * @packageDocumentation
 */

export { type DeviceRunOptions, deviceCases, judgeDevice, type ListedDeviceCase } from './device/judge-device.js';
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
