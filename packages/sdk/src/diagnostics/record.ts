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
   * Gets each line with its line feed, immediately. An error that it throws or rejects with is dropped, and the
   * recording goes on. It is not waited for: one that is slow keeps what it was given.
   */
  readonly write: (line: string) => unknown;
  /** False lets amounts and order ids in. Default true. */
  readonly redact?: boolean | undefined;
  /** Further lines of the header. Default: `environment()`. */
  readonly about?: Readonly<Record<string, string>> | undefined;
  /** Give the one that the client has. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** Both go into the client's options. */
export interface Recording {
  /** The transport to use in the place of the one that is recorded. */
  readonly transport: Transport;
  /** A logger that writes the client's log lines into the record, with the result of each call. */
  readonly logger: Logger;
  /** Writes the last line; nothing is written after it. Idempotent. */
  end(): void;
}

/**
 * Writes down what goes through a transport, as text that a person can put into a report: a header, then one line each
 * for a frame (> to the device, < from it) or an event (-), with the milliseconds since the start.
 *
 * Unless it is asked not to, it hides amounts and order ids in what it decodes and in the hex, where the CRC and the COBS
 * codes that would give them away are hidden too, and of frames that cannot be decoded it tells the length alone. The
 * header of the record says exactly what is hidden. While it records it never throws, and it changes nothing of what it sees.
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
const UNREDACTED = ['NOT REDACTED: amounts and order ids stand in here; think before you pass it on'];
const COLUMNS = [
  'columns: ms since the start; > to the device, < from it, - an event; of a frame its type, session/sequence and fields,',
  '  then | and its bytes on the wire. A frame from the device stands where its last byte came; padding is left out',
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

  /** Runs a call and tells how it ended; that it went well only where there is something to say. */
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
    // A record is not worth a payment.
    callBack(work, () => {});
  }
}

function describeDevice({ id, serialNumber, simulated }: DeviceInfo): string {
  const serial = serialNumber === undefined ? [] : [`serial number ${quoted(serialNumber)}`];
  const more = [...serial, ...(simulated ? ['simulated'] : [])];
  return quoted(id) + (more.length > 0 ? ` (${more.join(', ')})` : '');
}
