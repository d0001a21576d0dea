import type { ParameterValues } from '@bluetap/emulator/commands';
import type { Clock } from '@bluetap/transport';
import type { CommandSource } from '../service/event-hub.js';

/** What a scenario and the triggers need of the program that runs them. */
export interface Steering {
  /** The clock of their times. */
  readonly clock: Clock;
  /** Told of each command that was done. */
  readonly onCommand: (verb: string, parameters: ParameterValues, by: CommandSource, serialNumber: string) => void;
  /** Told of a command that was refused, in words for people. */
  readonly onError: (message: string) => void;
}
