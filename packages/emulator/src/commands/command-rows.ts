import { BEHAVIOURS, POWERS } from './behaviour-rows.js';
import { type DeviceControl, NFC_FAULTS, type NfcFaultName } from './device-control.js';
import type { Parameter, ParameterValues } from './parameters.js';

/** The name of the shape of an answer. The reference of the control service describes each. */
export type AnswerName = 'Device' | 'TapAnswer' | 'ExpireAnswer' | 'Behaviour' | 'Behaviours' | 'Counters' | 'State';

/** A command for an emulated device. */
export interface CommandRow {
  /** The name of the command. */
  readonly verb: string;
  /** What it does, for people: one sentence. */
  readonly summary: string;
  /** The parameters, in the order of the help. */
  readonly parameters: readonly Parameter[];
  /** The shape of the answer. */
  readonly answer: AnswerName;
  /** True if the command only reads. */
  readonly reads?: true | undefined;
  /** Does it, with parameters that are checked. Everything has happened when it returns. Returns plain data. */
  readonly run: (device: DeviceControl, values: ParameterValues) => object;
}

const POWER: Parameter = {
  name: 'power',
  type: 'string',
  choices: POWERS,
  default: 'kept',
  description: 'Whether the device keeps its power. Without power it loses the payment link and restarts.',
};
const FAULT: Parameter = {
  name: 'fault',
  type: 'string',
  choices: NFC_FAULTS,
  required: true,
  description:
    'none: it works. now: it is broken. on-pay: it breaks when the next PAY writes the tag. stuck: the tag cannot be made blank, so the device restarts when the live payment link has to end.',
};
const BEHAVIOUR: Parameter = {
  name: 'behaviour',
  type: 'integer',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  required: true,
  description: 'The number of the behaviour, from the list of behaviours.',
};
const STATE: Parameter = { name: 'state', type: 'object', required: true, description: 'What export-state answered.' };

/** Does something to the device, and answers with what can be seen then. */
function acting(act: (device: DeviceControl, values: ParameterValues) => void): CommandRow['run'] {
  return (device, values) => {
    act(device, values);
    return device.view;
  };
}

/** Every command for an emulated device. Lines on stdin, HTTP, the page and the shell have the same commands. */
// biome-ignore format: a table
export const COMMANDS: readonly CommandRow[] = [
  { verb: 'snapshot', summary: 'Tells what the device shows, who has the session, and what goes wrong next.', parameters: [], answer: 'Device', reads: true, run: ({ view }) => view },
  { verb: 'counters', summary: 'Tells how often things have happened.', parameters: [], answer: 'Counters', reads: true, run: ({ emulator }) => emulator.counters },
  { verb: 'tap', summary: 'A phone reads the payment link. If none is live, it reads nothing.', parameters: [], answer: 'TapAnswer', run: tap },
  { verb: 'unplug', summary: 'Unplugs the cable. Every connection closes.', parameters: [POWER], answer: 'Device', run: acting(({ emulator }, { power }) => emulator.unplug({ power: power as 'kept' })) },
  { verb: 'plug', summary: 'Plugs the cable in.', parameters: [], answer: 'Device', run: acting(({ emulator }) => emulator.plug()) },
  { verb: 'power-cycle', summary: 'Restarts the device.', parameters: [], answer: 'Device', run: acting(({ emulator }) => emulator.powerCycle()) },
  { verb: 'expire', summary: 'Expires the live payment link now, as if its time were over.', parameters: [], answer: 'ExpireAnswer', run: ({ emulator }) => ({ expired: emulator.expire() }) },
  { verb: 'nfc-fault', summary: 'Breaks the NFC part, or repairs it.', parameters: [FAULT], answer: 'Device', run: acting(setFault) },
  { verb: 'behaviours', summary: 'Lists what goes wrong next, newest first.', parameters: [], answer: 'Behaviours', reads: true, run: ({ behaviours }) => ({ behaviours }) },
  { verb: 'remove-behaviour', summary: 'Removes one behaviour.', parameters: [BEHAVIOUR], answer: 'Behaviours', run: removeBehaviour },
  { verb: 'remove-behaviours', summary: 'Removes all behaviours.', parameters: [], answer: 'Behaviours', run: removeBehaviours },
  { verb: 'reset', summary: 'Brings the device to a known state: plugged in, restarted, no payment link, no behaviour, a working NFC part, all counters 0.', parameters: [], answer: 'Device', run: acting((device) => device.reset()) },
  { verb: 'export-state', summary: 'Tells the state of the device, for import-state.', parameters: [], answer: 'State', reads: true, run: (device) => device.exportState() },
  { verb: 'import-state', summary: 'Continues with a state that was exported. Every connection closes.', parameters: [STATE], answer: 'Device', run: acting((device, { state }) => device.importState(state)) },
  ...BEHAVIOURS.map((row): CommandRow => ({ verb: row.verb, summary: row.summary, parameters: row.parameters, answer: 'Behaviour', run: (device, values) => device.addBehaviour(row, values) })),
];

function tap({ emulator }: DeviceControl): object {
  const read = emulator.tap();
  if (!read) return { read: false };
  const { ndef, ...rest } = read;
  return { read: true, ...rest, ndef: Array.from(ndef, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

function setFault({ emulator }: DeviceControl, { fault }: ParameterValues): void {
  const name = fault as NfcFaultName;
  emulator.nfcFault = name === 'on-pay' || name === 'stuck' ? name : name === 'now';
}

function removeBehaviour(device: DeviceControl, { behaviour }: ParameterValues): object {
  device.removeBehaviour(behaviour as number);
  return { behaviours: device.behaviours };
}

function removeBehaviours(device: DeviceControl): object {
  device.removeBehaviours();
  return { behaviours: [] };
}
