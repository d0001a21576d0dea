/** Says which rules of docs/protocol.md a device, or a host, keeps. */

export { type HostRunOptions, hostCases, judgeHost } from './host/judge-host.js';
export {
  type AnswerTimes,
  type CaseResult,
  countsOf,
  type Ending,
  exitCodeOf,
  type Report,
  type Verdict,
  type WireLine,
} from './report/report.js';
export { RULES, type Rule, type RuleId, type Side } from './rules.js';
