import { type Clock, systemClock } from '@bluetap/transport';
import type { EmulatorEvent } from './events.js';
import { DEFAULT_LINK_TEMPLATE, type LinkValues, parseLinkTemplate } from './link-template.js';
import type { Identity } from './session.js';

/** What an emulated device is. Everything has a default. */
export interface EmulatorOptions {
  /** 1 to 32 printable ASCII characters; default "EMU-0001". */
  readonly serialNumber?: string;
  /** 1 to 16 printable ASCII characters; default "BT-EMU". */
  readonly model?: string;
  /** 1 to 16 printable ASCII characters; default "1.0.0". */
  readonly firmware?: string;
  /**
   * The link that a PAY shows, with {paymentMethod}, {amount}, {orderId}, {expiryTime} (seconds) and {serialNumber}.
   * Values are percent-encoded; a query parameter whose value is absent is left out. Default
   * "https://bluetap.example/pay/{paymentMethod}?amount={amount}&order={orderId}&expires={expiryTime}".
   */
  readonly linkTemplate?: string;
  /** Where all its time comes from; default `systemClock`. A `VirtualClock` makes expiry a matter of a line. */
  readonly clock?: Clock;
  /** Gives unsigned 32-bit numbers for boot ids and the first session number; default `crypto.getRandomValues`. */
  readonly random?: () => number;
  /** Told of everything that happens, at once. What it throws is thrown again outside the device, as an uncaught error. */
  readonly onEvent?: (event: EmulatorEvent) => void;
}

/** The options with every default, checked. */
export interface Settings {
  readonly identity: Identity;
  readonly link: (values: LinkValues) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onEvent: ((event: EmulatorEvent) => void) | undefined;
}

/** @throws RangeError that names the option. */
export function readOptions(options: EmulatorOptions): Settings {
  const { serialNumber = 'EMU-0001', model = 'BT-EMU', firmware = '1.0.0' } = options;
  checkLabel('serialNumber', serialNumber, 32);
  checkLabel('model', model, 16);
  checkLabel('firmware', firmware, 16);
  return {
    identity: { serialNumber, model, firmware },
    link: parseLinkTemplate(options.linkTemplate ?? DEFAULT_LINK_TEMPLATE),
    clock: options.clock ?? systemClock,
    random: options.random ?? (() => crypto.getRandomValues(new Uint32Array(1))[0]!),
    onEvent: options.onEvent,
  };
}

function checkLabel(name: string, value: unknown, max: number): void {
  if (typeof value === 'string' && value.length > 0 && value.length <= max && /^[ -~]*$/.test(value)) return;
  throw new RangeError(`${name}: must be 1 to ${max} printable ASCII characters, but is ${JSON.stringify(value)}`);
}
