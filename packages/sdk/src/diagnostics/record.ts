import { type Clock, type DeviceInfo, systemClock, type Transport } from '@bluetap/transport';
import {
  aBoolean,
  aClock,
  aFunction,
  anObject,
  callBack,
  checkOptions,
  type OptionRules,
} from '@bluetap/transport/kit';
import type { LogFields, Logger } from '../common/logger.js';
import { readOnce } from '../common/read-once.js';
import { describeError, oneLine, quoted } from './describe.js';
import { environment } from './environment.js';
import { FrameSplitter } from './frame-splitter.js';
import { type ChannelObserver, type Observer, observe } from './observe.js';
import { Redactor } from './redactor.js';

/** The options of `record`: where the lines go, and what they contain. */
export interface RecordOptions {
  /**
   * Gets each line immediately, with its line feed. If it throws or rejects, the error is ignored and the recording
   * continues. The recorder does not wait for it, so a slow function must store its lines itself.
   */
  readonly write: (line: string) => unknown;
  /** False writes amounts and order ids into the record. Default true. */
  readonly redact?: boolean | undefined;
  /** More lines for the header, one for each entry. Default: `environment()`. */
  readonly about?: Readonly<Record<string, string>> | undefined;
  /** The clock: pass the clock of the client. Default: the clock of the system. */
  readonly clock?: Clock | undefined;
}

/** The running record. `transport` and `logger` are for the options of the client. */
export interface Recording {
  /** The transport that the client must use in the place of the recorded one. */
  readonly transport: Transport;
  /** Writes the log lines of the client into the record as events. They include the result of each call. */
  readonly logger: Logger;
  /** Writes the last line. Nothing is written after it. Idempotent. */
  end(): void;
}

/**
 * Records everything that goes through a transport, as text that a person can put into a report. The record has a
 * header, and then one line for each frame (> to the device, < from it) or event (-), with the milliseconds since the
 * start.
 *
 * Unless `redact` is false, it hides amounts and order ids in the decoded fields and in the hex. The CRC and the COBS
 * codes that would reveal them are hidden in the hex too. For a frame that cannot be decoded, it writes only the
 * length. The header of the record says exactly what is hidden. A running record never throws, and it changes nothing
 * of what it sees.
 * @throws TypeError that names every option that breaks its rule.
 */
export function record(transport: Transport, options: RecordOptions): Recording {
  const own = readOnce(options ?? null, RECORD_OPTIONS) as RecordOptions;
  checkOptions('record()', own, RECORD_OPTIONS);
  const { write, redact = true, about = environment(), clock = systemClock } = own;
  if (write === undefined) throw new TypeError('record(): write is missing; it must be a function');
  const recorder = new Recorder(write, redact, clock);
  recorder.header(transport.name, about);
  return {
    transport: observe(transport, recorder),
    logger: recorder.logger,
    end: () => recorder.end(),
  };
}

const RECORD_OPTIONS: OptionRules<RecordOptions> = {
  write: aFunction,
  redact: aBoolean,
  about: anObject,
  clock: aClock,
};

const REDACTED = [
  'redacted: amounts and order ids, in the fields (the same value has the same placeholder) and in the hex (.. for each',
  '  byte, so lengths show). Hidden with them in the hex: values that this version does not know, and the CRC and the COBS',
  '  codes, from which they could be computed. Of a frame that cannot be decoded no byte is shown',
  'not redacted: serial numbers, device ids, paths and addresses, payment methods, times, the texts of errors',
];
const UNREDACTED = [
  'NOT REDACTED: this record contains amounts and order ids; check who may see it before you pass it on',
];
const COLUMNS = [
  'columns: ms since the start; > to the device, < from it, - an event; of a frame its type, session/sequence and fields,',
  '  then | and its bytes on the wire. A frame from the device has the time of its last byte; padding is left out',
];

class Recorder implements Observer {
  readonly #write: (line: string) => unknown;
  readonly #redact: boolean;
  readonly #redactor: Redactor;
  readonly #clock: Clock;
  readonly #start: number;
  #ended = false;

  readonly logger: Logger;

  constructor(write: (line: string) => unknown, redact: boolean, clock: Clock) {
    this.#write = write;
    this.#redact = redact;
    this.#redactor = new Redactor(redact);
    this.#clock = clock;
    this.#start = clock.now();
    const log = (level: keyof Logger) => (message: string, fields?: LogFields) =>
      this.#event(() => [level, message, ...this.#fields(fields)].join(' '));
    this.logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  }

  header(transport: string, about: Readonly<Record<string, string>>): void {
    const facts = Object.entries({ ...about, transport }).map(([name, value]) => `${name}: ${value}`);
    const lines = ['BlueTap session record', ...facts, ...(this.#redact ? REDACTED : UNREDACTED), ...COLUMNS];
    for (const text of lines) this.#guarded(() => this.#write(`# ${oneLine(text)}\n`));
  }

  end(): void {
    if (this.#ended) return;
    this.#event(() => 'the record ends');
    this.#ended = true;
  }

  async list(call: () => Promise<readonly DeviceInfo[]>): Promise<readonly DeviceInfo[]> {
    return this.#told('listing', call, (devices) => {
      const found = devices.length === 0 ? 'nothing' : devices.map(describeDevice).join(', ');
      return `listed: ${found}`;
    });
  }

  channel(device: DeviceInfo): ChannelObserver {
    const sent = new FrameSplitter((seen) => this.#line('>', () => this.#redactor.frame(seen)));
    const received = new FrameSplitter((seen) => this.#line('<', () => this.#redactor.frame(seen)));
    const name = quoted(device.id);
    return {
      open: (call) => {
        this.#event(() => `opening ${name}`);
        return this.#told(`opening ${name}`, call, () => `opened ${name}`);
      },
      write: (bytes, call) => {
        this.#guarded(() => sent.push(bytes, this.#clock.now()));
        return this.#told('writing', call);
      },
      data: (bytes) => this.#guarded(() => received.push(bytes, this.#clock.now())),
      closed: (error) => {
        this.#guarded(() => {
          sent.reset();
          received.reset();
        });
        this.#event(() => (error ? `lost ${name}: ${describeError(error)}` : `closed ${name}`));
      },
    };
  }

  change(): void {
    this.#event(() => 'the transport says that devices may have changed');
  }

  /** Runs a call and records how it ended. A success is recorded only if `done` has a text for it. */
  async #told<T>(what: string, call: () => Promise<T>, done?: (value: T) => string): Promise<T> {
    try {
      const value = await call();
      if (done) this.#event(() => done(value));
      return value;
    } catch (error) {
      this.#event(() => `${what} failed: ${describeError(error)}`);
      throw error;
    }
  }

  #fields(fields: LogFields = {}): string[] {
    return Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${this.#value(name, value)}`);
  }

  #value(name: string, value: unknown): string {
    const placeholder = this.#redactor.placeholder(name, value);
    if (placeholder !== undefined) return placeholder;
    if (typeof value === 'string') return quoted(value);
    if (value instanceof Error) return quoted(describeError(value));
    return JSON.stringify(value, (key, inner) => this.#redactor.placeholder(key, inner) ?? inner);
  }

  #event(text: () => string): void {
    this.#line('-', text);
  }

  #line(mark: '>' | '<' | '-', text: () => string): void {
    if (this.#ended) return;
    this.#guarded(() => {
      const ms = (this.#clock.now() - this.#start).toFixed(3).padStart(11);
      return this.#write(`${ms} ${mark} ${oneLine(text())}\n`);
    });
  }

  #guarded(work: () => unknown): void {
    // A failed record must not stop a payment.
    callBack(work, () => {});
  }
}

function describeDevice({ id, serialNumber, simulated }: DeviceInfo): string {
  const serial = serialNumber === undefined ? [] : [`serial number ${quoted(serialNumber)}`];
  const more = [...serial, ...(simulated ? ['simulated'] : [])];
  return quoted(id) + (more.length > 0 ? ` (${more.join(', ')})` : '');
}
