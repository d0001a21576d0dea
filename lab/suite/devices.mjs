// The devices' side of the suite, a process of its own: a USB/IP server in the process of a host library can hang with it.
// It takes commands as lines of JSON on stdin and answers each; what the devices do is told in between.
import { createInterface } from 'node:readline';
import * as behaviours from '@bluetap/emulator';
import { exportUsb } from '@bluetap/emulator/node';
import { RawDevice } from './raw-device.mjs';

/** @typedef {import('@bluetap/emulator').Emulator} Emulator */

const SERIAL_NUMBERS = ['KERNEL-1', 'KERNEL-2', 'KERNEL-3'];

/** @param {object} line */
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

let muted = false;

const emulators = SERIAL_NUMBERS.map(
  (serialNumber) =>
    new behaviours.Emulator({
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
// Whatever has a serial number and takes bytes through functions can be a USB device.
const all = [...emulators, .../** @type {Emulator[]} */ (/** @type {unknown} */ (raws))];
const server = await exportUsb(all, { tcp: '127.0.0.1:3240' });
tell({
  event: 'exported',
  devices: server.devices.map(({ busid, emulator }) => ({ busid, serialNumber: emulator.snapshot.serialNumber })),
});

/** @param {Emulator} emulator */
const exportOf = (emulator) => server.devices.find((device) => device.emulator === emulator);

/** What takes a behaviour off again. @type {(() => void)[]} */
const used = [];

/** @type {Record<string, (emulator: Emulator, command: any) => unknown>} */
const commands = {
  plug: (emulator) => emulator.plug(),
  unplug: (emulator, { power }) => emulator.unplug({ power }),
  powerCycle: (emulator) => emulator.powerCycle(),
  tap: (emulator) => emulator.tap(),
  snapshot: (emulator) => emulator.snapshot,
  transfers: (emulator) => exportOf(emulator)?.transfers,
  imported: (emulator) => exportOf(emulator)?.imported,
  /** One direction of a function stalls. */
  halt: (emulator, { functionName, direction }) => exportOf(emulator)?.halt(functionName, direction),
  /** A function takes nothing more, and each write that waits for it is told of. */
  nak: (emulator, { functionName }) => {
    exportOf(emulator)?.nak(functionName, () =>
      tell({ event: 'waiting', device: emulator.snapshot.serialNumber, functionName }),
    );
  },
  /** One of the ready-made behaviours by its name. */
  use: (emulator, { behaviour, args = [] }) => {
    used.push(emulator.use(/** @type {any} */ (behaviours)[behaviour](...args)));
  },
  /** Nothing more is told of what happens. */
  mute: () => {
    muted = true;
  },
  /** Takes every behaviour off again. */
  behave: () => {
    for (const end of used.splice(0)) end();
  },
  send: (raw, { functionName, bytes }) =>
    /** @type {RawDevice} */ (/** @type {unknown} */ (raw)).send(functionName, Buffer.from(bytes, 'base64')),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...command } = JSON.parse(line);
  try {
    const emulator = all.find(({ snapshot }) => snapshot.serialNumber === command.device);
    if (!emulator) throw new Error(`there is no device ${command.device}`);
    const value = commands[command.do]?.(emulator, command);
    tell({ id, value: value ?? null });
  } catch (error) {
    tell({ id, error: String(error) });
  }
}
for (const emulator of emulators) await emulator.close();
await server.close();
