import type { Count } from './count.js';
import type { Language } from './languages.js';

/** What a step needs. */
export interface StepSetup {
  /** A folder for the files of this run. */
  readonly home: string;
  readonly signal: AbortSignal;
}

/** The result of a step. */
export interface StepResult extends Count {
  /** What it printed, for a person. */
  readonly output: string;
}

/** A part of the run. */
export interface Step {
  readonly name: string;
  readonly language: Language;
  readonly run: (setup: StepSetup) => Promise<StepResult>;
}
