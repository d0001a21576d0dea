import type { EmulatorEvent, Face } from '@bluetap/emulator';
import type { HelloAccepted } from '@bluetap/protocol';
import { printable } from '@bluetap/transport/kit';
import { BoundedOutput } from '../output/bounded-output.js';
import { clockTime } from '../output/clock-time.js';
import { colorsFor, jsonLine } from '../output/output.js';
import type { OpenDoor } from './doors.js';
import type { CommandEvent } from './hands.js';

/** How `emulate` tells what happens. Order ids and amounts stand in it: it is the display of the devices themselves. */
export interface Log {
  /** The first thing of all. There is one face for each device. */
  ready(faces: readonly [Face, ...Face[]], doors: readonly OpenDoor[]): void;
  /** @param serialNumber Of the device to which it happened. */
  event(event: EmulatorEvent, serialNumber: string): void;
  /** Events that were left out: they came faster than they could be told. */
  skipped(count: number): void;
  /** What became of a command that came by stdin. */
  answer(answer: CommandEvent): void;
}

/** How many events may wait for `ready`: a door that is open already is used while another one takes its time. */
const MAX_EARLY = 1000;

/** A log that begins with `ready`, whatever happens while the doors are opened, and that ends when told. */
export class OrderlyLog implements Log {
  readonly #log: Log;
  #waiting: Parameters<Log['event']>[] | undefined = [];
  #skipped = 0;
  #ended = false;

  constructor(log: Log) {
    this.#log = log;
  }

  get ended(): boolean {
    return this.#ended;
  }

  ready(...ready: Parameters<Log['ready']>): void {
    if (this.#ended) return;
    this.#log.ready(...ready);
    for (const event of this.#waiting ?? []) this.#log.event(...event);
    this.#waiting = undefined;
    if (this.#skipped > 0) this.#log.skipped(this.#skipped);
  }

  event(...event: Parameters<Log['event']>): void {
    if (this.#ended) return;
    if (!this.#waiting) this.#log.event(...event);
    else if (this.#waiting.length < MAX_EARLY) this.#waiting.push(event);
    else this.#skipped++;
  }

  /** It skips by itself what comes before `ready`. */
  skipped(count: number): void {
    if (!this.#ended) this.#log.skipped(count);
  }

  /** Commands are read when the doors are open, so `ready` has been said. */
  answer(answer: CommandEvent): void {
    if (!this.#ended) this.#log.answer(answer);
  }

  end(): void {
    this.#ended = true;
  }
}

/** One object per line, for programs. The first is `ready`; the rest are the emulator's events with the time added. */
export function jsonLog(stream: NodeJS.WriteStream): Log {
  const lineOf = (event: object) => `${jsonLine({ ...event, time: new Date().toISOString() })}\n`;
  const write = (event: object) => void stream.write(lineOf(event));
  const skippedLine = (count: number) => lineOf({ event: 'skipped', count });
  const events = new BoundedOutput(stream, skippedLine);
  return {
    ready: ([face], doors) => {
      const firstOf = Object.fromEntries(doors.toReversed().map(({ kind, address }) => [kind, address]));
      const addresses = doors.map(({ address }) => address);
      const devices = doors.find((door) => door.devices)?.devices;
      const { simulated, serialNumber } = face;
      const who = { event: 'ready', pid: process.pid, simulated, serialNumber };
      write({ ...who, addresses, ...firstOf, ...(devices && { devices }), face });
    },
    event: (event, serialNumber) => events.write(() => lineOf({ ...event, serialNumber })),
    skipped: (count) => events.write(() => skippedLine(count)),
    answer: write,
  };
}

/**
 * Aligned lines, for a person: time, door, direction, message, session/sequence and fields.
 * @param hint What a person can do besides.
 */
export function textLog(stream: NodeJS.WriteStream, hint?: string): Log {
  const { bold, cyan, dim, green, red, yellow } = colorsFor(stream);
  const STATE_COLORS = { idle: dim, ready: green, expired: yellow, cancelled: yellow };
  let doorWidth = 7;
  /** Several devices are told apart by their serial numbers. */
  let several = false;

  const lineOf = (door: string, text: string) => {
    const shown = printable(door);
    doorWidth = Math.max(doorWidth, shown.length);
    return `${dim(clockTime())}  ${shown.padEnd(doorWidth)}  ${text.trimEnd()}\n`;
  };
  const skippedLine = (count: number) =>
    lineOf('', `..  ${count} lines left out: they came faster than they were read`);
  const output = new BoundedOutput(stream, skippedLine);
  const line = (door: string, text: string) => output.write(() => lineOf(door, text));
  const message = (door: string, direction: 'in' | 'out', name: string, id: string, rest: string) =>
    line(door, `${direction === 'in' ? '->' : '<-'}  ${cyan(name.padEnd(12))}  ${id.padEnd(9)}  ${rest}`);
  const nameOf = (serialNumber: string) => (several ? serialNumber : 'DEVICE');
  const face = ({ state, taps, remaining, paymentMethod, amount, orderId, uri, serialNumber }: Face) => {
    const read = taps === 1 ? 'read once' : `read ${taps} times`;
    const shown = [
      STATE_COLORS[state](state.toUpperCase().padEnd(9)),
      ...(paymentMethod ? [bold(paymentMethod)] : []),
      ...(amount === undefined ? [] : [`amount ${bold(printable(amount))}`]),
      ...(orderId === undefined ? [] : [`order ${bold(printable(orderId))}`]),
      ...(remaining === undefined ? [] : [`${remaining} s left`]),
      ...(state === 'idle' ? [] : [read]),
    ];
    line(nameOf(serialNumber), `==  ${shown.join('  ')}`);
    if (uri) line('', `==  ${printable(uri)}`);
  };

  return {
    ready: (faces, doors) => {
      several = faces.length > 1;
      const simulated = `${bold(yellow('SIMULATED'))}: nothing that ${several ? 'they show' : 'it shows'} can be paid`;
      const serialNumbers = faces.map(({ serialNumber }) => bold(printable(serialNumber))).join(', ');
      stream.write(`${several ? 'Devices' : 'Device'} ${serialNumbers}  ${simulated}\n`);
      stream.write('Ready. Hosts reach it at\n');
      for (const { kind, address: raw, devices } of doors) {
        const address = printable(raw);
        if (kind === 'pty') doorWidth = Math.max(doorWidth, `pty ${address}`.length);
        if (devices) {
          doorWidth = Math.max(doorWidth, ...devices.map(({ busid }) => `usb ${busid} bulk`.length));
          stream.write(`  ${bold(address)}  (USB devices; on Linux, as root:)\n`);
          for (const { attach, serialNumber } of devices)
            stream.write(`    ${bold(attach)}  (${printable(serialNumber)})\n`);
          continue;
        }
        const [how, what] = kind === 'pty' ? [`serial:${address}`, `  (${address} is a serial port)`] : [address, ''];
        stream.write(`  ${bold(`--transport ${how}`)}${what}\n`);
      }
      if (hint) stream.write(`${dim(hint)}\n`);
      stream.write(
        `${dim('Ctrl-C stops it. Amounts and order ids are shown: this is the display of the device.')}\n\n`,
      );
      for (const each of faces) face(each);
    },
    skipped: (count) => output.write(() => skippedLine(count)),
    answer: () => {},
    event: (event, serialNumber) => {
      const device = nameOf(serialNumber);
      switch (event.event) {
        case 'message': {
          const { type, session, sequence, ...fields } = event.message;
          message(event.door, event.direction, type, `${session}/${sequence}`, fieldsOf(fields, { green, red }));
          break;
        }
        case 'frame': {
          const name = `type 0x${event.type.toString(16).padStart(2, '0')}`;
          const id = `${event.session}/${event.sequence}`;
          message(event.door, event.direction, name, id, `${red(printable(event.problem))}  version=${event.version}`);
          break;
        }
        case 'connected':
          if (isUsb(event.door)) line(event.door, 'a host has attached and configured it');
          else if (!isTerminal(event.door)) line(event.door, 'a host has come');
          break;
        case 'disconnected':
          if (!isTerminal(event.door)) line(event.door, 'the host has gone');
          break;
        case 'dropped':
          line(event.door, red(printable(`dropped without an answer: ${event.code}`)));
          break;
        case 'state':
          face(event.face);
          break;
        case 'tap':
          line(device, '..  a phone has read the link');
          face(event.face);
          break;
        case 'start':
          line(device, '..  started anew: no session, no link');
          break;
        case 'plug':
          line(device, '..  plugged in');
          break;
        case 'unplug':
          line(device, `..  unplugged, power ${event.power}`);
          break;
      }
    },
  };
}

/** Nobody can see a host open or leave a pseudo-terminal; the emulator speaks of the terminal itself there. */
function isTerminal(door: string): boolean {
  return door.startsWith('pty ');
}

/** Nor use one of these two. What can be seen is that the whole device is attached. */
function isUsb(door: string): boolean {
  return /^usb \S+ (hid|bulk)$/.test(door);
}

/** What a HELLO_REPLY says of the device itself stands in the first line already. */
const KNOWN = ['model', 'firmware', 'serialNumber', 'simulated'];

/** The result in its colour, then every field as name=value. */
function fieldsOf(message: object, { green, red }: Pick<ReturnType<typeof colorsFor>, 'green' | 'red'>): string {
  const { result, lastCommand: last, ...fields } = message as Partial<HelloAccepted>;
  const named = { ...fields, ...(last && { lastCommand: `${last.session}/${last.sequence}` }) };
  const rest = Object.entries(named)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, value]) => printable(`${name}=${value}`));
  if (result) rest.unshift((result === 'SUCCESS' ? green : red)(result));
  return rest.join('  ');
}
