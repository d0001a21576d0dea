// Runs the devices of the suite in a separate process, because a USB/IP server can hang if it shares a process with a
// host library. The server reads commands as lines of JSON on stdin and answers each of them. Between the answers it
// reports the events of the devices.
import { createInterface } from 'node:readline';
import { type Behaviour, delayReplies, type EmulatedDevice, Emulator, loseReplies, refuse } from '@bluetap/emulator';
import { type ExportedDevice, exportUsb } from '@bluetap/emulator/node';
import type { Answer, BehaviourMakers, DeviceCommands, DeviceEvent, Exported } from './device-commands.js';
import { RawDevice } from './raw-device.js';

const SERIAL_NUMBERS = ['KERNEL-1', 'KERNEL-2', 'KERNEL-3'];

function tell(line: Answer | DeviceEvent | Exported): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

let muted = false;

const emulators = SERIAL_NUMBERS.map(
  (serialNumber) =>
    new Emulator({
      serialNumber,
      onEvent: (event) => {
        if (!muted) tell({ ...event, device: serialNumber });
      },
    }),
);
const raws = ['RAW-HID', 'RAW-USB', 'RAW-serial'].map(
  (device) =>
    new RawDevice(device, (functionName, bytes) =>
      tell({ event: 'received', device, functionName, bytes: Buffer.from(bytes).toString('base64') }),
    ),
);
// `exportUsb` can export every object that has a serial number and accepts bytes through functions.
const all = [...emulators, ...(raws as unknown[] as EmulatedDevice[])];
const server = await exportUsb(all, { tcp: '127.0.0.1:3240' });
tell({
  event: 'exported',
  devices: server.devices.map(({ busid, emulator }) => ({ busid, serialNumber: emulator.snapshot.serialNumber })),
});

const makers: BehaviourMakers = { delayReplies, loseReplies, refuse };

/** The functions that remove the behaviours of each device. */
const used = new Map<EmulatedDevice, (() => void)[]>();

type Carry<Name extends keyof DeviceCommands> = (
  exported: ExportedDevice,
  ...details: Parameters<DeviceCommands[Name]>
) => ReturnType<DeviceCommands[Name]>;

const commands: { readonly [Name in keyof DeviceCommands]: Carry<Name> } = {
  plug: ({ emulator }) => emulator.plug(),
  unplug: ({ emulator }, { power }) => emulator.unplug({ power }),
  tap: ({ emulator }) => void emulator.tap(),
  snapshot: ({ emulator }) => emulator.snapshot,
  transfers: ({ transfers }) => transfers,
  imported: ({ imported }) => imported,
  halt: (exported, { functionName, direction }) => exported.halt(functionName, direction),
  nak: (exported, { functionName }) => {
    const device = exported.emulator.snapshot.serialNumber;
    exported.nak(functionName, () => tell({ event: 'waiting', device, functionName }));
  },
  use: ({ emulator }, { behaviour, args }) => {
    const make = makers[behaviour] as (...args: readonly unknown[]) => Behaviour;
    used.set(emulator, [...(used.get(emulator) ?? []), emulator.use(make(...args))]);
  },
  mute: () => {
    muted = true;
  },
  behave: ({ emulator }) => {
    for (const end of used.get(emulator) ?? []) end();
    used.delete(emulator);
  },
  send: ({ emulator }, { functionName, bytes }) => {
    (emulator as unknown as RawDevice).send(functionName, Buffer.from(bytes, 'base64'));
  },
};

/** A line of stdin: a command. The line also contains the details of the command. */
interface CommandLine {
  readonly id: number;
  readonly device: string;
  readonly do: keyof DeviceCommands;
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as CommandLine;
  const { id } = command;
  try {
    const exported = server.devices.find(({ emulator }) => emulator.snapshot.serialNumber === command.device);
    if (!exported) throw new Error(`the server has no device ${command.device}`);
    const carry = commands[command.do] as (exported: ExportedDevice, details: CommandLine) => unknown;
    tell({ id, value: carry(exported, command) ?? null });
  } catch (error) {
    tell({ id, error: String(error) });
  }
}
for (const emulator of emulators) await emulator.close();
await server.close();
