import type { BehaviourEffect, EmulatorEvent, Snapshot } from '@bluetap/emulator';
import type { HelloAccepted } from '@bluetap/protocol';
import { printable } from '@bluetap/transport/kit';
import { BoundedOutput } from '../output/bounded-output.js';
import { clockTime } from '../output/clock-time.js';
import { colorsFor } from '../output/output.js';
import type { OpenListener } from './listeners.js';
import type { Log } from './log.js';

type Colors = ReturnType<typeof colorsFor>;

/**
 * Writes aligned lines for a person: time, connection, direction, message, session/sequence and fields.
 * @param advice A line that says what a person can do.
 */
export function textLog(stream: NodeJS.WriteStream, advice?: string): Log {
  return new TextLog(stream, advice);
}

/** What a behaviour did to the frame in the line above. */
const EFFECTS: Readonly<Record<BehaviourEffect, string>> = {
  lost: 'lost',
  held: 'held back',
  passed: 'sent on',
  changed: 'changed',
  split: 'sent in pieces',
  repeated: 'sent more than once',
  answered: 'not handled by the device: answered',
};

class TextLog implements Log {
  readonly #stream: NodeJS.WriteStream;
  readonly #advice: string | undefined;
  readonly #colors: Colors;
  readonly #output: BoundedOutput;
  #connectionWidth = 7;
  /** True if there are several devices. Then a line about a device starts with its serial number. */
  #several = false;

  constructor(stream: NodeJS.WriteStream, advice: string | undefined) {
    this.#stream = stream;
    this.#advice = advice;
    this.#colors = colorsFor(stream);
    this.#output = new BoundedOutput(stream, (count) => this.#skippedLine(count));
  }

  ready(
    snapshots: readonly [Snapshot, ...Snapshot[]],
    listeners: readonly OpenListener[],
    control: string | undefined,
  ): void {
    const { bold, dim, yellow } = this.#colors;
    this.#several = snapshots.length > 1;
    const [devices, show] = this.#several ? ['Devices', 'they show'] : ['Device', 'it shows'];
    const serialNumbers = snapshots.map(({ serialNumber }) => bold(printable(serialNumber))).join(', ');
    const simulated = `${bold(yellow('SIMULATED'))}: nothing that ${show} can be paid`;
    this.#stream.write(`${devices} ${serialNumbers}  ${simulated}\n`);
    this.#stream.write('Ready. Hosts reach it at\n');
    for (const listener of listeners) this.#readyListener(listener);
    if (control) this.#stream.write(`Open this page to see and steer it\n  ${bold(control)}\n`);
    if (this.#advice) this.#stream.write(`${dim(this.#advice)}\n`);
    const end = 'Ctrl-C stops it. Amounts and order ids are shown: this is the display of the device.';
    this.#stream.write(`${dim(end)}\n\n`);
    for (const snapshot of snapshots) this.#snapshot(snapshot);
  }

  skipped(count: number): void {
    this.#output.write(() => this.#skippedLine(count));
  }

  /** Not used, because commands need --json. */
  answer(): void {}

  event(event: EmulatorEvent, serialNumber: string): void {
    const { red } = this.#colors;
    const device = this.#nameOf(serialNumber);
    switch (event.event) {
      case 'message':
      case 'frame':
        this.#message(event);
        break;
      case 'connected':
        if (isUsb(event.connection)) this.#line(event.connection, 'a host has attached and configured it');
        else if (!isTerminal(event.connection)) this.#line(event.connection, 'a host has connected');
        break;
      case 'disconnected':
        if (!isTerminal(event.connection)) this.#line(event.connection, 'the host has disconnected');
        break;
      case 'dropped':
        this.#line(event.connection, red(printable(`dropped without an answer: ${event.code}`)));
        break;
      case 'state':
        this.#snapshot(event.snapshot);
        break;
      case 'tap':
        this.#line(device, '..  a phone has read the payment link');
        this.#snapshot(event.snapshot);
        break;
      case 'behaviour':
        this.#line(event.connection, red(printable(`..  ${EFFECTS[event.effect]} by ${event.name}`)));
        break;
      case 'repeat':
        this.#line(event.connection, '..  a repeat: the device answers again and does not execute again');
        break;
      case 'restore':
        this.#line(device, '..  continues with an imported state');
        this.#snapshot(event.snapshot);
        break;
      case 'start':
        this.#line(device, '..  restarted: no session, no payment link');
        break;
      case 'plug':
        this.#line(device, '..  plugged in');
        break;
      case 'unplug':
        this.#line(device, `..  unplugged, power ${event.power}`);
        break;
    }
  }

  #readyListener({ kind, address: raw, devices }: OpenListener): void {
    const { bold } = this.#colors;
    const address = printable(raw);
    if (kind === 'pty') this.#connectionWidth = Math.max(this.#connectionWidth, `pty ${address}`.length);
    if (!devices) {
      const [how, what] = kind === 'pty' ? [`serial:${address}`, `  (${address} is a serial port)`] : [address, ''];
      this.#stream.write(`  ${bold(`--transport ${how}`)}${what}\n`);
      return;
    }
    this.#connectionWidth = Math.max(this.#connectionWidth, ...devices.map(({ busid }) => `usb ${busid} bulk`.length));
    this.#stream.write(`  ${bold(address)}  (USB devices; on Linux, as root:)\n`);
    for (const { attach, serialNumber } of devices) {
      this.#stream.write(`    ${bold(attach)}  (${printable(serialNumber)})\n`);
    }
  }

  #message(event: Extract<EmulatorEvent, { event: 'message' | 'frame' }>): void {
    const arrow = event.direction === 'in' ? '->' : '<-';
    const { name, id, rest } = event.event === 'message' ? this.#ofMessage(event) : this.#ofFrame(event);
    this.#line(event.connection, `${arrow}  ${this.#colors.cyan(name.padEnd(12))}  ${id.padEnd(9)}  ${rest}`);
  }

  #ofMessage({ message }: Extract<EmulatorEvent, { event: 'message' }>) {
    const { type, session, sequence, ...fields } = message;
    return { name: type, id: `${session}/${sequence}`, rest: fieldsOf(fields, this.#colors) };
  }

  #ofFrame({ type, session, sequence, problem, version }: Extract<EmulatorEvent, { event: 'frame' }>) {
    const name = `type 0x${type.toString(16).padStart(2, '0')}`;
    return { name, id: `${session}/${sequence}`, rest: `${this.#colors.red(printable(problem))}  version=${version}` };
  }

  #snapshot({ state, taps, remaining, paymentMethod, amount, orderId, uri, serialNumber }: Snapshot): void {
    const { bold, dim, green, yellow } = this.#colors;
    const color = { idle: dim, ready: green, expired: yellow, cancelled: yellow }[state];
    const read = taps === 1 ? 'read once' : `read ${taps} times`;
    const shown = [
      color(state.toUpperCase().padEnd(9)),
      ...(paymentMethod ? [bold(paymentMethod)] : []),
      ...(amount === undefined ? [] : [`amount ${bold(printable(amount))}`]),
      ...(orderId === undefined ? [] : [`order ${bold(printable(orderId))}`]),
      ...(remaining === undefined ? [] : [`${remaining} s left`]),
      ...(state === 'idle' ? [] : [read]),
    ];
    this.#line(this.#nameOf(serialNumber), `==  ${shown.join('  ')}`);
    if (uri) this.#line('', `==  ${printable(uri)}`);
  }

  #nameOf(serialNumber: string): string {
    return this.#several ? serialNumber : 'DEVICE';
  }

  #line(connection: string, text: string): void {
    this.#output.write(() => this.#lineOf(connection, text));
  }

  #lineOf(connection: string, text: string): string {
    const shown = printable(connection);
    this.#connectionWidth = Math.max(this.#connectionWidth, shown.length);
    return `${this.#colors.dim(clockTime())}  ${shown.padEnd(this.#connectionWidth)}  ${text.trimEnd()}\n`;
  }

  #skippedLine(count: number): string {
    return this.#lineOf('', `..  ${count} lines left out: they came faster than they were read`);
  }
}

/**
 * For a pseudo-terminal these events are about the terminal itself, because it does not tell when a host opens or
 * closes it.
 */
function isTerminal(connection: string): boolean {
  return connection.startsWith('pty ');
}

/**
 * True for the connections of HID and bulk. The emulator does not know when a program of the host opens one of these
 * functions. It knows only when a host attaches the whole device.
 */
function isUsb(connection: string): boolean {
  return /^usb \S+ (hid|bulk)$/.test(connection);
}

/** The fields of HELLO_REPLY that identify the device. They are left out, because the first line shows the device. */
const KNOWN = ['model', 'firmware', 'serialNumber', 'simulated'];

/** Returns the result in its colour, then every other field as name=value. */
function fieldsOf(message: object, { green, red }: Pick<Colors, 'green' | 'red'>): string {
  const { result, ...fields } = message as Partial<HelloAccepted>;
  const rest = Object.entries(fields)
    .filter(([name]) => !KNOWN.includes(name))
    // A command by session and sequence, or a payment link by state and taps.
    .map(([name, value]) =>
      printable(`${name}=${typeof value === 'object' ? Object.values(value).join('/') : String(value)}`),
    );
  if (result) rest.unshift((result === 'SUCCESS' ? green : red)(result));
  return rest.join('  ');
}
