import { type CommandId, isFieldValid } from '@bluetap/protocol';
import { aBoolean, aWholeNumber, checkOptions, type OptionRule, type OptionRules } from '@bluetap/transport/kit';
import type { NfcFault, SavedPaymentLink } from './payment-link.js';

/**
 * What a device has and knows, as plain data that can be written down as JSON. `Emulator.exportState` makes it and
 * `Emulator.importState` reads it. It has no session, because a session belongs to a connection.
 */
export interface EmulatorState {
  /** The version of this shape. */
  readonly format: 1;
  /** False if the cable is unplugged. */
  readonly plugged: boolean;
  /** The state of the NFC part. */
  readonly nfcFault: NfcFault;
  /** The number of the device's start, 0 to 4294967295. */
  readonly bootId: number;
  /** The number of the latest session, 0 to 65535. The next session has the next number. */
  readonly sessionNumber: number;
  /** The command that the device executed last since its start, or null. */
  readonly lastCommand: CommandId | null;
  /** The current or last payment link, or null. */
  readonly paymentLink: SavedPaymentLink | null;
}

/** True for a value that `nfcFault` can have. */
export function isNfcFault(value: unknown): value is NfcFault {
  return typeof value === 'boolean' || value === 'on-pay' || value === 'stuck';
}

const anNfcFault: OptionRule = {
  must: "be true, false, 'on-pay' or 'stuck'",
  holds: isNfcFault,
};
const aLifetime: OptionRule = aWholeNumber(0, 2147483647000);

/** The rule of a field of docs/protocol.md. */
function aField(name: Parameters<typeof isFieldValid>[0]): OptionRule {
  return { must: 'keep the rule of docs/protocol.md', holds: (value) => isFieldValid(name, value) };
}

const orNull = ({ must, holds }: OptionRule): OptionRule => ({
  must: `${must}, or be null`,
  holds: (value) => value === null || holds(value),
});

const RULES: OptionRules<EmulatorState> = {
  format: { must: 'be 1', holds: (value) => value === 1 },
  plugged: aBoolean,
  nfcFault: anNfcFault,
  bootId: aField('bootId'),
  sessionNumber: aWholeNumber(0, 0xffff),
  lastCommand: orNull(aField('lastCommand')),
  paymentLink: orNull({ must: 'be an object', holds: (value) => typeof value === 'object' }),
};

const LINK_RULES: OptionRules<SavedPaymentLink> = {
  paymentMethod: aField('paymentMethod'),
  amount: aField('amount'),
  orderId: aField('orderId'),
  expiryTime: aField('expiryTime'),
  state: aField('state'),
  taps: aField('taps'),
  remainingMs: aLifetime,
};

const OPTIONAL: readonly string[] = ['amount', 'orderId'] satisfies (keyof SavedPaymentLink)[];

/**
 * Checks a state that a program or a person has given.
 * @throws TypeError that names the property that is missing or breaks its rule.
 */
export function checkState(given: unknown): asserts given is EmulatorState {
  checkAll('importState()', given, RULES);
  const { paymentLink, nfcFault } = given as EmulatorState;
  if (!paymentLink) return;
  checkAll('importState(): paymentLink', paymentLink, LINK_RULES);
  if (paymentLink.state === 'ready' && nfcFault === true)
    throw new TypeError("importState(): paymentLink.state must not be 'ready' while nfcFault is true");
}

function checkAll<T>(where: string, given: unknown, rules: OptionRules<T>): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${where} must be given an object`);
  checkOptions(where, given, rules);
  const missing = Object.keys(rules).filter(
    (name) => !OPTIONAL.includes(name) && (given as Record<string, unknown>)[name] === undefined,
  );
  if (missing.length > 0) throw new TypeError(`${where}: missing: ${missing.join(', ')}`);
}
