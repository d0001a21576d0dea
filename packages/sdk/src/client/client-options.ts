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

/** The options of `new Client` and `connect`. An unknown name or a value of the wrong type is a TypeError. */
export interface ClientOptions {
  /** The transport that carries the bytes: `socket(...)`, `emulator.transport()`, ... */
  readonly transport: Transport;
  /** The device to use. Needed if several devices are connected. */
  readonly device?: DeviceFilter | undefined;
  /** The time limit of a call that has no `timeoutMs` of its own, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** False refuses an emulated device, so that a shop never uses one by mistake. Default true. */
  readonly allowSimulated?: boolean | undefined;
  /**
   * After so many milliseconds without a request, the client asks the device with STATUS whether it is still there. So
   * `disconnected` comes before the next command, and not because of it. 0 turns this off. Each check costs one short
   * exchange. It never takes a session from another host. Default: the value of the transport (15000 for a TCP socket),
   * otherwise 0, because USB and serial ports report a disconnection themselves.
   */
  readonly keepAliveMs?: number | undefined;
  /** Receives the log lines. Default: no logger. */
  readonly logger?: Logger | undefined;
  /** False writes amounts and order ids into the log. Default true. */
  readonly redact?: boolean | undefined;
  /** Attempts that an earlier run of the program stored. The client emits `resolved` for each of them. */
  readonly pendingAttempts?: readonly Attempt[] | undefined;
  /** The clock. Default: the clock of the system. */
  readonly clock?: Clock | undefined;
  /** Returns random unsigned 32-bit numbers. Default: the secure random source of the platform. */
  readonly random?: (() => number) | undefined;
}

/** The options of `pay` and `cancel`. */
export interface PayOptions extends CallOptions {
  /**
   * Called before the first byte of the command leaves. The client waits for it, so this is the place to store the
   * attempt. It is called again, with another attempt, if the first attempt was refused because another host had taken
   * the session. If it fails, nothing is sent. The attempt is a copy.
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
    must: 'be a serial number, an id, or a function that returns true for a device',
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
 * Checks the options of a client and returns a copy. The keepalive time of the transport is included.
 * @throws TypeError that names every option that breaks its rule.
 */
export function takeClientOptions(given: unknown): ClientOptions {
  const options = ownOptions(given, CLIENT_OPTIONS) as ClientOptions | undefined;
  const problems = optionProblems(options, CLIENT_OPTIONS);
  if (options?.transport === undefined || problems.some(({ name }) => name === 'transport')) {
    throw new TypeError(
      'transport is missing, or is not a transport: pass one, such as socket("tcp://127.0.0.1:4000")',
    );
  }
  // The options are checked once only, because a second check would call the getters of a logger again.
  if (problems.length > 0) throw new TypeError(`${CLIENT}: ${problems.map(textOf).join('; ')}`);
  const { transport, keepAliveMs = transport.keepAliveMs } = options;
  const { keepAliveMs: rule } = CLIENT_OPTIONS;
  checkOptions(`The transport ${printable(String(transport.name))}`, { keepAliveMs }, { keepAliveMs: rule });
  return { ...options, keepAliveMs };
}

/**
 * Returns the options of `connect`: the options of a client, which are not checked yet, and the signal.
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

/** A copy of the options of a call, and their problems in the form of field errors. */
interface Taken<Options> {
  readonly options: Options | undefined;
  readonly problems: readonly FieldError[];
}

/** Checks the options of `pay` and `cancel`. Accepts any value and never throws. */
export function takePayOptions(given: unknown): Taken<PayOptions> {
  return taken(given, PAY_OPTIONS);
}

/**
 * Checks the options of any other call.
 * @throws BlueTapError with PARAM_ILLEGAL.
 */
export function takeCallOptions(given: unknown): CallOptions | undefined {
  const { options, problems } = taken(given, CALL_OPTIONS);
  if (problems.length > 0) throw illegal(problems);
  return options;
}

const NOTHING = { options: undefined, problems: [] };

function taken<Options>(given: unknown, rules: OptionRules<Options>): Taken<Options> {
  // Most calls have no options, so there is nothing to check.
  if (given === undefined) return NOTHING;
  const fault = (field: string, message: string): FieldError => ({ field, reason: Reason.BAD_VALUE, message });
  try {
    const options = readOnce(given, rules) as Options;
    return { options, problems: optionProblems(options, rules).map(({ name, message }) => fault(name, message)) };
  } catch {
    return { options: undefined, problems: [fault('options', UNREADABLE)] };
  }
}
