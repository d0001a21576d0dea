import type { DeviceView, ParameterValues } from '@bluetap/emulator/commands';
import type { PanelInput } from '../model/panel-input.js';

/** Receives what the source learns, in order. Inputs that come together are one batch. */
export type Sink = (inputs: readonly PanelInput[]) => void;

/** Where the devices are: behind a control service, or in the same page. */
export interface DeviceSource {
  /** Starts to tell what happens. Returns the function that ends it. */
  start(sink: Sink): () => void;
  /**
   * Gives a device a command of the table `COMMANDS`.
   * @returns The answer of the command.
   * @throws CommandFailure that says what is wrong.
   */
  command(serialNumber: string, verb: string, parameters: ParameterValues): Promise<object>;
  /** Reads everything that can be seen of a device. */
  view(serialNumber: string): Promise<DeviceView>;
  /** Tries to reach the emulator now, if it is not reachable. */
  retry(): void;
}

/** A command was refused, or did not reach the emulator. The message is for people. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  /** The parameter that is wrong. */
  readonly parameter: string | undefined;

  constructor(message: string, parameter?: string | undefined) {
    super(message);
    this.parameter = parameter;
  }
}
