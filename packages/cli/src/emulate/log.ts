import type { EmulatorEvent, Face } from '@bluetap/emulator';
import type { HelloAccepted } from '@bluetap/protocol';
import { colorsFor } from '../output.js';
import type { OpenDoor } from './doors.js';

/** How `emulate` tells what happens. Order ids and amounts stand in it: it is the display of the device itself. */
export interface Log {
  /** The first thing of all. */
  ready(face: Face, doors: readonly OpenDoor[]): void;
  event(event: EmulatorEvent): void;
}

/** A log that begins with `ready`, whatever happens while the doors are opened, and that ends when told. */
export class OrderlyLog implements Log {
  readonly #log: Log;
  #waiting: EmulatorEvent[] | undefined = [];
  #ended = false;

  constructor(log: Log) {
    this.#log = log;
  }

  get ended(): boolean {
    return this.#ended;
  }

  ready(face: Face, doors: readonly OpenDoor[]): void {
    if (this.#ended) return;
    this.#log.ready(face, doors);
    for (const event of this.#waiting ?? []) this.#log.event(event);
    this.#waiting = undefined;
  }

  event(event: EmulatorEvent): void {
    if (this.#ended) return;
    if (this.#waiting) this.#waiting.push(event);
    else this.#log.event(event);
  }

  end(): void {
    this.#ended = true;
  }
}

/** One object per line, for programs. The first is `ready`; the rest are the emulator's events with the time added. */
export function jsonLog(stream: NodeJS.WriteStream): Log {
  const write = (event: object) =>
    void stream.write(`${JSON.stringify({ ...event, time: new Date().toISOString() })}\n`);
  return {
    ready: (face, doors) => {
      const firstOf = Object.fromEntries(doors.toReversed().map(({ kind, address }) => [kind, address]));
      const addresses = doors.map(({ address }) => address);
      const { simulated, serialNumber } = face;
      write({ event: 'ready', pid: process.pid, simulated, serialNumber, addresses, ...firstOf, face });
    },
    event: write,
  };
}

/** Aligned lines, for a person: time, door, direction, message, session/sequence and fields. */
export function textLog(stream: NodeJS.WriteStream): Log {
  const { bold, cyan, dim, green, red, yellow } = colorsFor(stream);
  const STATE_COLORS = { idle: dim, ready: green, expired: yellow, cancelled: yellow };
  let doorWidth = 7;

  const line = (door: string, text: string) => {
    doorWidth = Math.max(doorWidth, door.length);
    stream.write(`${dim(clock())}  ${door.padEnd(doorWidth)}  ${text.trimEnd()}\n`);
  };
  const message = (door: string, direction: 'in' | 'out', name: string, id: string, rest: string) =>
    line(door, `${direction === 'in' ? '->' : '<-'}  ${cyan(name.padEnd(12))}  ${id.padEnd(9)}  ${rest}`);
  const face = ({ state, taps, remaining, paymentMethod, amount, orderId, uri }: Face) => {
    const read = taps === 1 ? 'read once' : `read ${taps} times`;
    const shown = [
      STATE_COLORS[state](state.toUpperCase().padEnd(9)),
      ...(paymentMethod ? [bold(paymentMethod)] : []),
      ...(amount === undefined ? [] : [`amount ${bold(amount)}`]),
      ...(orderId === undefined ? [] : [`order ${bold(orderId)}`]),
      ...(remaining === undefined ? [] : [`${remaining} s left`]),
      ...(state === 'idle' ? [] : [read]),
    ];
    line('DEVICE', `==  ${shown.join('  ')}`);
    if (uri) line('', `==  ${uri}`);
  };

  return {
    ready: (first, doors) => {
      const simulated = `${bold(yellow('SIMULATED'))}: nothing that it shows can be paid`;
      stream.write(`Device ${bold(first.serialNumber)}  ${simulated}\n`);
      stream.write('Ready. Hosts reach it at\n');
      for (const { kind, address } of doors) {
        if (kind === 'pty') doorWidth = Math.max(doorWidth, `pty ${address}`.length);
        const how = kind === 'pty' ? `${address}  (a serial port)` : `--transport ${address}`;
        stream.write(`  ${bold(how)}\n`);
      }
      stream.write(
        `${dim('Ctrl-C stops it. Amounts and order ids are shown: this is the display of the device.')}\n\n`,
      );
      face(first);
    },
    event: (event) => {
      switch (event.event) {
        case 'message': {
          const { type, session, sequence, ...fields } = event.message;
          message(event.door, event.direction, type, `${session}/${sequence}`, fieldsOf(fields, { green, red }));
          break;
        }
        case 'frame': {
          const name = `type 0x${event.type.toString(16).padStart(2, '0')}`;
          const id = `${event.session}/${event.sequence}`;
          message(event.door, event.direction, name, id, `${red(event.problem)}  version=${event.version}`);
          break;
        }
        case 'connected':
          if (!isTerminal(event.door)) line(event.door, 'a host has come');
          break;
        case 'disconnected':
          if (!isTerminal(event.door)) line(event.door, 'the host has gone');
          break;
        case 'dropped':
          line(event.door, red(`dropped without an answer: ${event.code}`));
          break;
        case 'state':
          face(event.face);
          break;
        case 'tap':
          line('DEVICE', '..  a phone has read the link');
          face(event.face);
          break;
        case 'start':
          line('DEVICE', '..  started anew: no session, no link');
          break;
        case 'plug':
          line('DEVICE', '..  plugged in');
          break;
        case 'unplug':
          line('DEVICE', `..  unplugged, power ${event.power}`);
          break;
      }
    },
  };
}

/** Nobody can see a host open or leave a pseudo-terminal; the emulator speaks of the terminal itself there. */
function isTerminal(door: string): boolean {
  return door.startsWith('pty ');
}

function clock(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(now.getMilliseconds()).padStart(3, '0');
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${ms}`;
}

/** What a HELLO_REPLY says of the device itself stands in the first line already. */
const KNOWN = ['model', 'firmware', 'serialNumber', 'simulated'];

/** The result in its colour, then every field as name=value. */
function fieldsOf(message: object, { green, red }: Pick<ReturnType<typeof colorsFor>, 'green' | 'red'>): string {
  const { result, lastCommand: last, ...fields } = message as Partial<HelloAccepted>;
  const named = { ...fields, ...(last && { lastCommand: `${last.session}/${last.sequence}` }) };
  const rest = Object.entries(named)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, value]) => `${name}=${value}`);
  if (result) rest.unshift((result === 'SUCCESS' ? green : red)(result));
  return rest.join('  ');
}
