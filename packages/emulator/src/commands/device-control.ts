import type { EmulatorState } from '../contract/emulator-state.js';
import type { SessionInfo, Snapshot } from '../contract/events.js';
import type { Emulator } from '../emulator.js';
import type { Counters } from '../events/counters.js';
import { BEHAVIOURS, type BehaviourRow } from './behaviour-rows.js';
import { CommandError } from './command-error.js';
import type { ParameterValues } from './parameters.js';
import { checkParameters } from './parameters.js';

/** A behaviour that is used now, as plain data. */
export interface BehaviourView {
  /** The number of the use. `remove-behaviour` takes it. */
  readonly behaviour: number;
  /** The name of its function, or the label of a program's own behaviour. */
  readonly name: string;
  /** The verb of the command that adds it; absent for a program's own behaviour. */
  readonly verb?: string | undefined;
  /** The parameters of that command. */
  readonly parameters?: ParameterValues | undefined;
  /** The number of messages on which it will still act; absent if there is no limit. */
  readonly left?: number | undefined;
}

/** Everything that can be seen of an emulated device, as plain data. */
export interface DeviceView extends SessionInfo {
  /** What the device shows. */
  readonly snapshot: Snapshot;
  /** The state of the NFC part. */
  readonly nfcFault: NfcFaultName;
  /** The names of the open connections, oldest first. */
  readonly connections: readonly string[];
  /** The behaviours that are used now, newest first. */
  readonly behaviours: readonly BehaviourView[];
  /** What has happened since the device was made, or since its last reset. */
  readonly counters: Readonly<Counters>;
}

/** The states of the NFC part, as words. */
export const NFC_FAULTS = ['none', 'now', 'on-pay', 'stuck'] as const;
/** One state of `NFC_FAULTS`. */
export type NfcFaultName = (typeof NFC_FAULTS)[number];

/** A behaviour that was written down. */
export interface SavedBehaviour {
  /** The verb of the command that adds it. */
  readonly verb: string;
  /** The parameters of that command. */
  readonly parameters: ParameterValues;
}

/** The state of a device with its behaviours, as plain data that can be written down as JSON. */
export interface DeviceState extends EmulatorState {
  /** The behaviours, oldest first. A program's own behaviours are not written down. */
  readonly behaviours: readonly SavedBehaviour[];
}

/** A device and the behaviours that commands have put on it. */
export class DeviceControl {
  /** The device. */
  readonly emulator: Emulator;
  readonly #added = new Map<number, { readonly row: BehaviourRow; readonly values: ParameterValues }>();

  /** Takes a device to steer. A program may use the device directly at the same time. */
  constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  /** The serial number of the device. */
  get serialNumber(): string {
    return this.emulator.snapshot.serialNumber;
  }

  /** Everything that can be seen of the device. */
  get view(): DeviceView {
    const { snapshot, nfcFault, sessionInfo, connections, counters } = this.emulator;
    const fault = nfcFault === false ? 'none' : nfcFault === true ? 'now' : nfcFault;
    return { snapshot, ...sessionInfo, nfcFault: fault, connections, behaviours: this.behaviours, counters };
  }

  /** The behaviours that are used now, newest first. */
  get behaviours(): readonly BehaviourView[] {
    return this.emulator.behaviours.map(({ id, behaviour }) => {
      const { left } = behaviour;
      const added = this.#added.get(id);
      return {
        behaviour: id,
        name: String(behaviour.name),
        ...(added && { verb: added.row.verb, parameters: added.values }),
        ...(left !== undefined && { left }),
      };
    });
  }

  /** Puts a behaviour on the device. */
  addBehaviour(row: BehaviourRow, values: ParameterValues): BehaviourView {
    this.emulator.use(row.create(values));
    const [use] = this.emulator.behaviours;
    this.#added.set(use!.id, { row, values });
    return this.behaviours[0]!;
  }

  /** @throws CommandError if the device has no behaviour with this number. */
  removeBehaviour(behaviour: number): void {
    if (this.emulator.removeBehaviour(behaviour)) {
      this.#added.delete(behaviour);
      return;
    }
    const allowed = this.emulator.behaviours.map(({ id }) => String(id));
    const these = allowed.length === 0 ? 'it has none' : `it has ${allowed.join(', ')}`;
    const message = `${this.serialNumber} has no behaviour with the number ${behaviour}: ${these}`;
    throw new CommandError('unknown-behaviour', message, { parameter: 'behaviour', allowed });
  }

  /** Removes every behaviour, also those of the program. */
  removeBehaviours(): void {
    for (const { id } of this.emulator.behaviours) this.emulator.removeBehaviour(id);
    this.#added.clear();
  }

  /** Brings the device to a known state. */
  reset(): void {
    this.#added.clear();
    this.emulator.reset();
  }

  /** Returns the state of the device and of its behaviours. A behaviour that acts only a few times more keeps that count. */
  exportState(): DeviceState {
    const behaviours = this.behaviours
      .filter(({ left }) => left !== 0)
      .flatMap(({ verb, parameters = {}, left }) =>
        verb === undefined ? [] : [{ verb, parameters: { ...parameters, ...(left !== undefined && { times: left }) } }],
      );
    return { ...this.emulator.exportState(), behaviours: behaviours.reverse() };
  }

  /**
   * Continues with a state that `exportState` returned.
   * @throws CommandError if the state is wrong. Then nothing has changed.
   */
  importState(state: unknown): void {
    const { behaviours = [], ...device } = state as DeviceState;
    if (!Array.isArray(behaviours)) throw badState('behaviours must be an array');
    const checked = behaviours.map((each: unknown) => {
      const { verb, parameters = {} } = (each ?? {}) as Partial<DeviceState['behaviours'][number]>;
      const row = BEHAVIOURS.find((candidate) => candidate.verb === verb);
      if (!row) throw badState(`behaviours: there is no behaviour ${JSON.stringify(verb)}`);
      return { row, values: checkParameters(row.verb, row.parameters, parameters) };
    });
    try {
      this.emulator.importState(device);
    } catch (error) {
      throw badState((error as Error).message.replace(/^importState\(\):? ?/, ''));
    }
    this.removeBehaviours();
    for (const { row, values } of checked) this.addBehaviour(row, values);
  }
}

function badState(message: string): CommandError {
  return new CommandError('bad-parameter', `the parameter "state" of import-state is wrong: ${message}`, {
    parameter: 'state',
  });
}
