import type { FrameErrorCode, Message, PaymentLinkState, PaymentMethod } from '@bluetap/protocol';
import type { MessageErrorCode } from '@bluetap/protocol/tools';

/** What the device shows now, as a person in front of it would see it. A snapshot. */
export interface Snapshot {
  /** Always true, so that this cannot be taken for a real device. */
  readonly simulated: true;
  /** The serial number that the device tells in its answer to HELLO. */
  readonly serialNumber: string;
  /** False from `unplug` to `plug`: a host cannot open the device then. */
  readonly plugged: boolean;
  /** The state of the payment link. */
  readonly state: PaymentLinkState;
  /** How often the present or last payment link was read; 255 means 255 or more. */
  readonly taps: number;
  /**
   * Seconds that the live payment link has left, rounded up. This and the rest are there exactly while the state is
   * `ready`.
   */
  readonly remaining?: number | undefined;
  /** The wallet of the live payment link. */
  readonly paymentMethod?: PaymentMethod | undefined;
  /** The amount of the live payment link; absent when its PAY named none. */
  readonly amount?: string | undefined;
  /** The order of the live payment link; absent when its PAY named none. */
  readonly orderId?: string | undefined;
  /** What a phone would open. */
  readonly uri?: string | undefined;
}

/** What changed the payment link. `tap`, `expiry` and `fault` are the ones that no request caused: the host gets a LINK. */
export type PaymentLinkCause = 'pay' | 'cancel' | 'tap' | 'expiry' | 'fault';

/**
 * What happens to an emulated device: plain objects, one line of JSON each. They hold order ids and amounts.
 *
 * Messages are told as the device takes and says them, before any behaviour spoils them.
 */
export type EmulatorEvent =
  /** A host opened or left a connection. */
  | { readonly event: 'connected' | 'disconnected'; readonly connection: string }
  /** `in`: from the host. `out`: from the device. */
  | {
      readonly event: 'message';
      readonly direction: 'in' | 'out';
      readonly connection: string;
      readonly message: Message;
    }
  /** A whole frame that is no message of this version: what a refusal is about, or the refusal of a type without a name. */
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
  /** `not-a-request`: a type with bit 0x80 or 0x40 set. `congested`: a LINK that its connection had no room for. */
  | {
      readonly event: 'dropped';
      readonly connection: string;
      readonly code: FrameErrorCode | 'not-a-request' | 'congested';
    }
  /** The payment link changed; `orderId` is that of the payment link that it is about, live or not. */
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
