import { type CommandId, type PaymentLinkState, PaymentMethod, type WireResult } from '@bluetap/protocol';

/** The vendor's result codes. A device never says DEVICE_DISCONNECTED: only a host can see that. */
export const ResultCode = {
  /** The device did it. For a PayCommand: the payment link is shown. Never: the shopper has paid. */
  SUCCESS: 'SUCCESS',
  /** No device, or it went away and did not come back in time. */
  DEVICE_DISCONNECTED: 'DEVICE_DISCONNECTED',
  /** A field breaks its rule; `error` names it. */
  PARAM_ILLEGAL: 'PARAM_ILLEGAL',
  /** Known not to have been executed. */
  PROCESS_FAIL: 'PROCESS_FAIL',
  /** The outcome was not known when the time was up, or an unexpected error happened; `error` has the cause. */
  UNKNOWN_EXCEPTION: 'UNKNOWN_EXCEPTION',
} as const satisfies Record<WireResult | 'DEVICE_DISCONNECTED', string>;
/** One of the vendor's result codes. */
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

/** Whether a value, such as one that was read from a file, is a result code. Takes anything. */
export function isResultCode(value: unknown): value is ResultCode {
  return Object.values<unknown>(ResultCode).includes(value);
}

/** Whether a value is one of the payment methods, spelled as the vendor does. Takes anything. */
export function isPaymentMethod(value: unknown): value is PaymentMethod {
  return Object.values<unknown>(PaymentMethod).includes(value);
}

/** What became of a command. docs/protocol.md section 4. */
export type Outcome =
  /** No byte of it left this host. */
  | 'not-sent'
  /** The device answered that it will not. */
  | 'refused'
  /** The device answered that it did, or said so when it was asked again. */
  | 'executed'
  /** It left this host, and the device has said that it did not execute it. */
  | 'not-executed'
  /** It may have been executed. */
  | 'unknown';

/** Whether the payment link of a command may be live: the one that a PAY shows, or that a CANCEL was to end. */
export type LinkLive = 'yes' | 'no' | 'unknown';

/** The two facts that every result carries; both are true at the moment when they are told. */
export interface Facts {
  /** What became of the command. */
  readonly outcome: Outcome;
  /** Whether the payment link of the command may be live. */
  readonly linkLive: LinkLive;
  /** Only with `unknown`: true when it can still become known; the client then tells it through `resolved`. */
  readonly pending: boolean;
}

/**
 * One command as it was sent, in a shape that can be written down (JSON) and asked about by a program that restarted:
 * `client.outcomeOf(attempt)`. It holds neither amount nor order id.
 */
export interface Attempt extends CommandId {
  /** Which of the two commands was sent. */
  readonly command: 'PAY' | 'CANCEL';
  /** Only for a CANCEL that names an order: a live payment link need not be the one that it was to end. */
  readonly oneOrder?: true | undefined;
  /** The serial number of the device that it was sent to. */
  readonly serialNumber: string;
  /** The boot id that the device had then: another boot id now means that the device has restarted. */
  readonly bootId: number;
  /** The last command that this host knew the device to have executed; null when there was none. */
  readonly last: CommandId | null;
}

/** A doubt that ended: what an earlier `unknown` has turned out to be. */
export interface Resolution extends Facts {
  /** What became of the command; `unknown` is final here: ask the acquirer. */
  readonly outcome: 'executed' | 'not-executed' | 'unknown';
  /** It cannot become known any more than it is. */
  readonly pending: false;
  /** The command that was in doubt. */
  readonly attempt: Attempt;
  /** The state of the device's payment link when the doubt ended. */
  readonly state: PaymentLinkState;
  /** How often a phone has read that payment link; 255 means 255 or more. */
  readonly taps: number;
}

/** Who the device is, from its answer to HELLO. */
export interface DeviceIdentity {
  /** The model's name, 1 to 16 characters. */
  readonly model: string;
  /** The firmware's version, 1 to 16 characters. */
  readonly firmware: string;
  /** The device's own serial number, 1 to 32 characters. */
  readonly serialNumber: string;
  /** Another one at every start of the device. */
  readonly bootId: number;
  /** True for an emulated device: nothing that it shows can be paid. */
  readonly simulated: boolean;
  /** The transport's id for this attachment. */
  readonly id: string;
}

/** The device's payment link as STATUS describes it. */
export interface PaymentLinkStatus {
  /** The state of the payment link; only `ready` is live. */
  readonly state: PaymentLinkState;
  /** How often a phone has read the present or last payment link; 255 means 255 or more. */
  readonly taps: number;
  /** Seconds, rounded up; these four only while the payment link is live. */
  readonly remaining?: number | undefined;
  /** The wallet. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount; absent when the PAY named none. */
  readonly amount?: string | undefined;
  /** The order; absent when the PAY named none. */
  readonly orderId?: string | undefined;
}

/** A change of the payment link that this host did not ask for: a tap, expiry, a fault, another host. */
export interface PaymentLinkEvent {
  /** The state of the payment link after the change. */
  readonly state: PaymentLinkState;
  /** How often a phone has read the payment link; 255 means 255 or more. */
  readonly taps: number;
  /** The order of the payment link, where the device said it. */
  readonly orderId?: string | undefined;
}
