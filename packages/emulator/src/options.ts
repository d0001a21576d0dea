import type { TapSource } from '@bluetap/protocol';
import { type Clock, systemClock } from '@bluetap/transport';
import { aClock, aFunction, callBack, checkOptions, type OptionRules, printable } from '@bluetap/transport/kit';
import { aTapSource, aText } from './contract/check-arguments.js';
import type { EmulatorEvent } from './contract/events.js';
import { type Report, reporter } from './contract/report.js';
import { DEFAULT_LINK_TEMPLATE, type PaymentLinkValues, parseLinkTemplate } from './device/link-template.js';
import type { Identity } from './session/device-sessions.js';

/** The options of an emulated device. Every option has a default. */
export interface EmulatorOptions {
  /** 1 to 32 printable ASCII characters; default "EMU-0001". */
  readonly serialNumber?: string | undefined;
  /** 1 to 16 printable ASCII characters; default "BT-EMU". */
  readonly model?: string | undefined;
  /** 1 to 16 printable ASCII characters; default "1.0.0". */
  readonly firmware?: string | undefined;
  /**
   * The template of the payment link that a PAY shows. Its placeholders are {paymentMethod}, {amount}, {orderId},
   * {expiryTime} (seconds) and {serialNumber}. Values are percent-encoded. If a value is absent, its query parameter is
   * omitted. Default
   * "https://bluetap.example/pay/{paymentMethod}?amount={amount}&order={orderId}&expires={expiryTime}".
   */
  readonly linkTemplate?: string | undefined;
  /**
   * What the device says that it counts as a tap: `read`, `field` or `none`. With `none` it counts no taps. Default: it
   * does not say it.
   */
  readonly tapSource?: TapSource | undefined;
  /**
   * The clock for all times of the device; default `systemClock`. With a `VirtualClock` a test can let a payment link
   * expire with one line.
   */
  readonly clock?: Clock | undefined;
  /** Returns unsigned 32-bit numbers for boot ids and the first session number; default `crypto.getRandomValues`. */
  readonly random?: (() => number) | undefined;
  /** Called immediately for every event, with a snapshot. If it throws or rejects, the error goes to `onError`. */
  readonly onEvent?: ((event: EmulatorEvent) => void) | undefined;
  /**
   * Receives an error that a function of the program threw or rejected with (`onEvent`, a behaviour, a peer, ...), and
   * the name of that function. The device continues. Default: one line of `console.error`.
   */
  readonly onError?: ((error: unknown, where: string) => void) | undefined;
}

/** The checked options, with defaults. */
export interface Settings {
  readonly identity: Identity;
  readonly link: (values: PaymentLinkValues) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: ((event: EmulatorEvent) => void) | undefined;
  readonly report: Report;
}

const RULES: OptionRules<EmulatorOptions> = {
  serialNumber: aText,
  model: aText,
  firmware: aText,
  linkTemplate: aText,
  tapSource: aTapSource,
  clock: aClock,
  random: aFunction,
  onEvent: aFunction,
  onError: aFunction,
};

/** @throws TypeError or RangeError that names the option. */
export function readOptions(options: EmulatorOptions): Settings {
  checkOptions('new Emulator()', options, RULES);
  const { serialNumber = 'EMU-0001', model = 'BT-EMU', firmware = '1.0.0', clock = systemClock } = options;
  checkLabel('serialNumber', serialNumber, 32);
  checkLabel('model', model, 16);
  checkLabel('firmware', firmware, 16);
  const report = reporter(`simulated device ${serialNumber}`, options.onError);
  return {
    identity: { serialNumber, model, firmware, tapSource: options.tapSource },
    link: parseLinkTemplate(options.linkTemplate ?? DEFAULT_LINK_TEMPLATE),
    clock,
    random: options.random ? checkedRandom(options.random, report) : systemRandom,
    onEvent: options.onEvent,
    report,
  };
}

function checkLabel(name: string, value: string, max: number): void {
  if (value.length > 0 && value.length <= max && /^[ -~]*$/.test(value)) return;
  const shown = printable(JSON.stringify(value));
  throw new RangeError(`${name}: must be 1 to ${max} printable ASCII characters, but is ${shown}`);
}

function systemRandom(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** A device that restarts needs random numbers even if the program's function fails. */
function checkedRandom(random: () => number, report: Report): () => number {
  const failed = (error: unknown) => report(error, 'random');
  return () => {
    let given: unknown;
    callBack(() => {
      given = random();
      return given;
    }, failed);
    if (Number.isFinite(given)) return given as number;
    if (given !== undefined) failed(new TypeError('random() must return a number'));
    return systemRandom();
  };
}
