import { Reason } from '@bluetap/protocol';
import type { Clock, Transport } from '@bluetap/transport';
import {
  aBoolean,
  aClock,
  aFunction,
  anAbortSignal,
  checkOptions,
  hasFunctions,
  milliseconds,
  type OptionProblem,
  type OptionRules,
  optionProblems,
  printable,
} from '@bluetap/transport/kit';
import type { FieldError } from '../common/errors.js';
import { illegal } from '../common/errors.js';
import type { Logger } from '../common/logger.js';
import { readOnce } from '../common/read-once.js';
import type { Attempt } from '../common/types.js';
import type { DeviceFilter } from '../session/choose-device.js';
import type { CallOptions } from './call-queue.js';

/** What `new Client` and `connect` take. A name that is not here, or a value of another type, is a TypeError. */
export interface ClientOptions {
  /** What carries the bytes: `socket(...)`, `emulator.transport()`, ... */
  readonly transport: Transport;
  /** Which device, where several may be connected. */
  readonly device?: DeviceFilter | undefined;
  /** The bound on a call that names none, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** False refuses an emulated device, so that a shop never runs on one by mistake. Default true. */
  readonly allowSimulated?: boolean | undefined;
  /**
   * After how many milliseconds of rest the device is asked with STATUS whether it is still there, so that
   * `disconnected` comes before the next command and not by it; 0: never. It costs one short exchange each time, and
   * never takes a session from another host. Default: what the transport says (a TCP socket 15000), else 0: USB and
   * serial ports tell by themselves.
   */
  readonly keepAliveMs?: number | undefined;
  /** Where to tell what is done. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** False lets amounts and order ids into the log. Default true. */
  readonly redact?: boolean | undefined;
  /** Attempts that an earlier run of the program wrote down; each is told through `resolved`. */
  readonly pendingAttempts?: readonly Attempt[] | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Gives random unsigned 32-bit numbers. Default: the platform's secure source. */
  readonly random?: (() => number) | undefined;
}

export interface PayOptions extends CallOptions {
  /**
   * Told before the first byte of the command leaves, and waited for: the place to write the attempt down. Told again,
   * with another attempt, when the first was refused because another host had taken the session. If it fails, nothing
   * is sent. The attempt is a copy.
   */
  readonly onAttempt?: ((attempt: Attempt) => unknown) | undefined;
}

const CALL_OPTIONS: OptionRules<CallOptions> = { signal: anAbortSignal, timeoutMs: milliseconds };
const PAY_OPTIONS: OptionRules<PayOptions> = { ...CALL_OPTIONS, onAttempt: aFunction };

const CLIENT_OPTIONS: OptionRules<ClientOptions> = {
  transport: {
    must: 'be a transport',
    holds: (value) => hasFunctions(value, ['list', 'open']),
  },
  device: {
    must: 'be a serial number, an id, or a function that says yes to a device',
    holds: (value) => typeof value === 'function' || (typeof value === 'string' && value !== ''),
  },
  timeoutMs: milliseconds,
  allowSimulated: aBoolean,
  keepAliveMs: {
    must: `be 0 or ${milliseconds.must.slice('be '.length)}`,
    holds: (value) => value === 0 || milliseconds.holds(value),
  },
  logger: {
    must: 'have the functions debug, info, warn and error, as console has',
    holds: (value) => hasFunctions(value, ['debug', 'info', 'warn', 'error']),
  },
  redact: aBoolean,
  pendingAttempts: { must: 'be an array of attempts', holds: Array.isArray },
  clock: aClock,
  random: aFunction,
};

const CLIENT = 'The options of a client';
const CONNECT_OPTIONS = { ...CLIENT_OPTIONS, signal: anAbortSignal };
const UNREADABLE = 'cannot be read: reading an option throws an error';

/**
 * The options of a client, checked, in a copy. What the transport says of a keepalive is in it.
 * @throws TypeError that names every option that breaks its rule.
 */
export function takeClientOptions(given: unknown): ClientOptions {
  const options = ownOptions(given, CLIENT_OPTIONS) as ClientOptions | undefined;
  const problems = optionProblems(options, CLIENT_OPTIONS);
  if (options?.transport === undefined || problems.some(({ name }) => name === 'transport')) {
    throw new TypeError('transport is missing, or is none: give one, such as socket("tcp://127.0.0.1:4000")');
  }
  // Read only once, because reading an option again would call its getter again.
  if (problems.length > 0) throw new TypeError(`${CLIENT}: ${problems.map(textOf).join('; ')}`);
  const { transport, keepAliveMs = transport.keepAliveMs } = options;
  const { keepAliveMs: rule } = CLIENT_OPTIONS;
  checkOptions(`The transport ${printable(String(transport.name))}`, { keepAliveMs }, { keepAliveMs: rule });
  return { ...options, keepAliveMs };
}

/**
 * The options of `connect`: those of a client, which are not checked yet, and the signal.
 * @throws BlueTapError with PARAM_ILLEGAL for the signal, TypeError for options that cannot be read.
 */
export function takeConnectOptions(given: unknown): { client: ClientOptions; signal: AbortSignal | undefined } {
  const own = ownOptions(given, CONNECT_OPTIONS);
  if (typeof own !== 'object' || own === null) return { client: own as ClientOptions, signal: undefined };
  const { signal, ...client } = own as ClientOptions & CallOptions;
  takeCallOptions({ signal });
  return { client, signal };
}

const textOf = ({ name, message }: OptionProblem): string => `${name} ${message}`;

function ownOptions(given: unknown, rules: OptionRules<object>): unknown {
  try {
    return readOnce(given, rules);
  } catch (cause) {
    throw new TypeError(`${CLIENT}: options ${UNREADABLE}`, { cause });
  }
}

/** The options of a call in a copy, and what is wrong with them, as the fields of a command are told. */
interface Taken<Options> {
  readonly options: Options | undefined;
  readonly problems: readonly FieldError[];
}

/** The options of `pay` and `cancel`. Takes anything and never throws. */
export function takePayOptions(given: unknown): Taken<PayOptions> {
  return taken(given, PAY_OPTIONS);
}

/** The options of any other call. @throws BlueTapError with PARAM_ILLEGAL. */
export function takeCallOptions(given: unknown): CallOptions | undefined {
  const { options, problems } = taken(given, CALL_OPTIONS);
  if (problems.length > 0) throw illegal(problems);
  return options;
}

const NOTHING = { options: undefined, problems: [] };

function taken<Options>(given: unknown, rules: OptionRules<Options>): Taken<Options> {
  // Nothing is looked at where nothing was given: most calls are such.
  if (given === undefined) return NOTHING;
  const fault = (field: string, message: string): FieldError => ({ field, reason: Reason.BAD_VALUE, message });
  try {
    const options = readOnce(given, rules) as Options;
    return { options, problems: optionProblems(options, rules).map(({ name, message }) => fault(name, message)) };
  } catch {
    return { options: undefined, problems: [fault('options', UNREADABLE)] };
  }
}
