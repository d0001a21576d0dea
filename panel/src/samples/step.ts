import type { ParameterValues } from '@bluetap/emulator/commands';

/** One command that the code must give. */
export interface Step {
  /** The verb. */
  readonly do: string;
  readonly parameters: ParameterValues;
}
