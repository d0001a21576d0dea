import type { RuleId } from '../../rules/rules.js';
import type { Breach } from '../contract/breach.js';
import type { AllowedFacts, ToldFacts } from '../contract/facts.js';
import type { HostCall } from '../contract/host-call.js';
import type { StagedDevice } from '../device/staged-device.js';
import type { Conversation } from '../wire/conversation.js';

/** The facts that a result must have. */
export interface ExpectedFacts {
  /** The rule that a host with other facts breaks. */
  readonly rule: RuleId;
  /** The rule that a host breaks with a right outcome and a wrong fact about the payment link; default `rule`. */
  readonly linkRule?: RuleId | undefined;
  /** The results that are right. */
  readonly anyOf: readonly AllowedFacts[];
}

/** What all situations have. */
interface Described {
  /** The situation in words, unique. */
  readonly name: string;
  /** The rules that the wire shows here. */
  readonly wireRules: readonly RuleId[];
  /** The rules that only the facts show here. A host that prints no facts is not judged on them. */
  readonly factRules: readonly RuleId[];
  /** What the situation does, as one sentence. */
  readonly did: string;
  /** What should come, as one sentence. */
  readonly expected: string;
  /** True if the device says on purpose what is not true, so that its own log is no measure of the facts. */
  readonly lies?: true | undefined;
  /** True if a host that is late by a part of a second does something else here, so that a breach rests on a time. */
  readonly tight?: true | undefined;
  /** What must be true of the wire here, beyond the rules that hold in every run. */
  readonly wire?: ((conversation: Conversation) => readonly Breach[]) | undefined;
}

/** A situation that one call shows. */
export interface CallSituation extends Described {
  readonly call: HostCall;
  /** Prepares the emulated device before the host starts. */
  readonly stage: (device: StagedDevice) => void;
  /** Absent: the facts do not matter. */
  readonly facts?: ExpectedFacts | undefined;
  /** True if the host may print no result here. A result that it prints is judged. */
  readonly mayBeSilent?: true | undefined;
}

/** A host that takes one call after the other. */
export interface Talk {
  /** Gives the host a call and returns its result. Undefined if the host printed none. */
  ask(call: HostCall): Promise<ToldFacts | undefined>;
}

/** A situation that needs several calls of one process. */
export interface TalkSituation extends Described {
  /** Runs the situation. Returns what the facts show. */
  readonly talk: (host: Talk, device: StagedDevice) => Promise<readonly Breach[]>;
}

/** A situation of either kind. */
export type Situation = CallSituation | TalkSituation;
