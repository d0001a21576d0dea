import type { FrameErrorCode, Message, PaymentLinkState, PaymentMethod } from '@bluetap/protocol';
import type { MessageErrorCode } from '@bluetap/protocol/tools';

/** What the device shows at one time, as a person in front of it sees it. A snapshot never changes. */
export interface Snapshot {
  /** Always true, so that nobody mistakes this for a real device. */
  readonly simulated: true;
  /** The serial number in the device's reply to HELLO. */
  readonly serialNumber: string;
  /** False from `unplug` to `plug`. A host cannot open the device during this time. */
  readonly plugged: boolean;
  /** The state of the payment link. */
  readonly state: PaymentLinkState;
  /** The number of times that phones have read the current or last payment link. 255 means 255 or more. */
  readonly taps: number;
  /**
   * Seconds until the live payment link expires, rounded up. This and the following fields are present only while the
   * state is `ready`.
   */
  readonly remaining?: number | undefined;
  /** The wallet of the live payment link. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount of the live payment link; absent if its PAY had no amount. */
  readonly amount?: string | undefined;
  /** The order id of the live payment link; absent if its PAY had no order id. */
  readonly orderId?: string | undefined;
  /** The URI that a phone opens. */
  readonly uri?: string | undefined;
}

/**
 * The cause of a change of the payment link. No request causes `tap`, `expiry` and `fault`, so the device sends a LINK
 * for them.
 */
export type PaymentLinkCause = 'pay' | 'cancel' | 'tap' | 'expiry' | 'fault';

/**
 * An event of an emulated device. Each event is a plain object and makes one line of JSON. Events contain order ids and
 * amounts.
 *
 * The events show messages as the device receives and sends them, before a behaviour changes them.
 */
export type EmulatorEvent =
  /** A host opened a connection, or the connection closed. */
  | { readonly event: 'connected' | 'disconnected'; readonly connection: string }
  /** `in`: from the host. `out`: from the device. */
  | {
      readonly event: 'message';
      readonly direction: 'in' | 'out';
      readonly connection: string;
      readonly message: Message;
    }
  /**
   * A whole frame that is not a message of this version: a request that the device refuses, or the refusal of a request
   * whose type is not defined.
   */
  | {
      readonly event: 'frame';
      readonly direction: 'in' | 'out';
      readonly connection: string;
      readonly problem: MessageErrorCode;
      readonly version: number;
      readonly type: number;
      readonly session: number;
      readonly sequence: number;
    }
  /** `not-a-request`: the type has bit 0x80 or 0x40 set. `congested`: the connection had no room for a LINK. */
  | {
      readonly event: 'dropped';
      readonly connection: string;
      readonly code: FrameErrorCode | 'not-a-request' | 'congested';
    }
  /** The payment link changed. `orderId` belongs to the payment link that changed, live or not. */
  | {
      readonly event: 'state';
      readonly cause: Exclude<PaymentLinkCause, 'tap'>;
      readonly orderId?: string | undefined;
      readonly snapshot: Snapshot;
    }
  /** A phone read the payment link. */
  | { readonly event: 'tap'; readonly uri: string; readonly orderId?: string | undefined; readonly snapshot: Snapshot }
  | { readonly event: 'unplug'; readonly power: 'kept' | 'lost' }
  | { readonly event: 'plug' }
  /** The device restarted: it has no session, no last command and no payment link. */
  | { readonly event: 'start'; readonly bootId: number };
