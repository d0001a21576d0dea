import {
  type CommandId,
  type PaymentLinkState,
  PaymentMethod,
  type TapSource,
  type WireResult,
} from '@bluetap/protocol';

/** The vendor's result codes. A device never sends DEVICE_DISCONNECTED, because only a host can see a disconnection. */
export const ResultCode = {
  /**
   * The device executed the command. For a PayCommand: the payment link is shown. It never means that the shopper has
   * paid.
   */
  SUCCESS: 'SUCCESS',
  /** There was no device, or the device was disconnected and did not come back in time. */
  DEVICE_DISCONNECTED: 'DEVICE_DISCONNECTED',
  /** A field breaks its rule. `error` names the field. */
  PARAM_ILLEGAL: 'PARAM_ILLEGAL',
  /** The command was certainly not executed. */
  PROCESS_FAIL: 'PROCESS_FAIL',
  /**
   * The command was still in doubt when the time was over, or an unexpected failure occurred. The `cause` of `error`
   * says more.
   */
  UNKNOWN_EXCEPTION: 'UNKNOWN_EXCEPTION',
} as const satisfies Record<WireResult | 'DEVICE_DISCONNECTED', string>;
/** One of the vendor's result codes. */
export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

/** True if a value, for example from a file, is a result code. Accepts any value. */
export function isResultCode(value: unknown): value is ResultCode {
  return Object.values<unknown>(ResultCode).includes(value);
}

/** True if a value is a payment method with the vendor's spelling. Accepts any value. */
export function isPaymentMethod(value: unknown): value is PaymentMethod {
  return Object.values<unknown>(PaymentMethod).includes(value);
}

/** The outcome of a command. docs/protocol.md section 4. */
export type Outcome =
  /** No byte of the command left this host. */
  | 'not-sent'
  /** The device refused the command. */
  | 'refused'
  /** The device executed the command. Its reply says so, or its answer when the client asked again. */
  | 'executed'
  /** The command left this host, and the device says that it did not execute the command. */
  | 'not-executed'
  /** The device may have executed the command. */
  | 'unknown';

/**
 * Whether the payment link of a command may be live. For a PAY, it is the payment link that the PAY shows. For a
 * CANCEL, it is the payment link that the CANCEL had to end.
 */
export type LinkLive = 'yes' | 'no' | 'unknown';

/** The two facts of every result. Both are true when the program gets them. */
export interface Facts {
  /** The outcome of the command. */
  readonly outcome: Outcome;
  /** Whether the payment link of the command may be live. */
  readonly linkLive: LinkLive;
  /** True only if the outcome is `unknown` and can still become known. The client then emits `resolved`. */
  readonly pending: boolean;
}

/**
 * One command as it was sent. A program can store it as JSON and, after a restart, ask about it with
 * `client.outcomeOf(attempt)`. It contains neither the amount nor the order id.
 */
export interface Attempt extends CommandId {
  /** The type of the command. */
  readonly command: 'PAY' | 'CANCEL';
  /**
   * Present only for a CANCEL that names an order. In that case a live payment link is not always the payment link that
   * the CANCEL had to end.
   */
  readonly oneOrder?: true | undefined;
  /** The serial number of the device that the command was sent to. */
  readonly serialNumber: string;
  /** The boot id of the device when the command was sent. If the device has another boot id now, it has restarted. */
  readonly bootId: number;
  /** The last command that the device had executed, as far as this host knew. Null if there was none. */
  readonly last: CommandId | null;
}

/** The end of a doubt: the final outcome of a command whose result was `unknown`. */
export interface Resolution extends Facts {
  /** The outcome of the command. `unknown` is final here: ask the acquirer. */
  readonly outcome: 'executed' | 'not-executed' | 'unknown';
  /** Always false: the outcome does not change any more. */
  readonly pending: false;
  /** The attempt of the command that was in doubt. */
  readonly attempt: Attempt;
  /** The state of the device's payment link when the doubt ended. */
  readonly state: PaymentLinkState;
  /** How often a phone has read that payment link. 255 means 255 or more. */
  readonly taps: number;
}

/** The identity of the device, from its reply to HELLO. */
export interface DeviceIdentity {
  /** The name of the model, 1 to 16 characters. */
  readonly model: string;
  /** The version of the firmware, 1 to 16 characters. */
  readonly firmware: string;
  /** The serial number of the device, 1 to 32 characters. */
  readonly serialNumber: string;
  /** The boot id. The device has a new one after every start. */
  readonly bootId: number;
  /** True for an emulated device. Nothing that it shows can be paid. */
  readonly simulated: boolean;
  /**
   * What the device counts as a tap. `read`: a phone has read the payment link. `field`: a phone was there. `none`: the
   * device counts nothing, so taps are 0 and say nothing. Absent if the device does not tell it.
   */
  readonly tapSource?: TapSource | undefined;
  /** The id of this attachment in its transport. */
  readonly id: string;
}

/** The payment link of the device, as the reply to STATUS describes it. */
export interface PaymentLinkStatus {
  /** The state of the payment link. Only `ready` is live. */
  readonly state: PaymentLinkState;
  /** How often a phone has read the current payment link, or the last one. 255 means 255 or more. */
  readonly taps: number;
  /**
   * How many seconds the payment link stays live, rounded up. This property and the next three are present only while
   * the payment link is live.
   */
  readonly remaining?: number | undefined;
  /** The wallet of the payment link. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount. Absent if the PAY had no amount. */
  readonly amount?: string | undefined;
  /** The order id. Absent if the PAY had no order id. */
  readonly orderId?: string | undefined;
}

/**
 * A change of the payment link that this host did not request: a tap, an expiry, a fault, a command of another host.
 */
export interface PaymentLinkEvent {
  /** The state of the payment link after the change. */
  readonly state: PaymentLinkState;
  /** How often a phone has read the payment link. 255 means 255 or more. */
  readonly taps: number;
  /** The order id of the payment link. Absent if the device did not send it. */
  readonly orderId?: string | undefined;
}
