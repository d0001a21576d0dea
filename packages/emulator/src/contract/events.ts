import type { CommandId, FrameErrorCode, Message, PaymentLinkState, PaymentMethod } from '@bluetap/protocol';
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

/** A frame in an event. */
export interface LoggedFrame {
  /** `in`: from the host. `out`: from the device. */
  readonly direction: 'in' | 'out';
  /** The name of the connection, for people. */
  readonly connection: string;
  /** The number of the frame: 1, 2, 3 ... in the order in which the device received and sent frames. */
  readonly frameNumber: number;
  /** The wire bytes, both delimiters included, as lower-case hex. docs/protocol.md section 1. */
  readonly wire: string;
}

/** An open session of the device. */
export interface OpenSession {
  /** The number of the session, 1 to 65535. */
  readonly number: number;
  /** The name of the connection that owns the session. */
  readonly connection: string;
}

/** The session of the device, and the command that it executed last. docs/protocol.md section 4. */
export interface SessionInfo {
  /** The number of the device's start. */
  readonly bootId: number;
  /** The open session; null if no session is open. */
  readonly session: OpenSession | null;
  /** The PAY or CANCEL that the device executed last since its start; null if it has executed none. */
  readonly lastCommand: CommandId | null;
}

/**
 * What a behaviour did to a frame.
 * - `lost`: it did not pass the frame on. If it passes the frame on later without `after`, `passed` follows.
 * - `held`: it passes the frame on later. Then `passed` follows.
 * - `passed`: it passed a held frame on, or a part of the frame.
 * - `changed`: it passed other bytes on.
 * - `split`: it passed the same bytes on in pieces.
 * - `repeated`: it passed the frame on more than once.
 * - `answered`: it answered a request, so that the request did not reach the device.
 */
export type BehaviourEffect = 'lost' | 'held' | 'passed' | 'changed' | 'split' | 'repeated' | 'answered';

/**
 * An event of an emulated device. Each event is a plain object and makes one line of JSON. Events contain order ids and
 * amounts.
 *
 * `message` and `frame` show frames as the device receives and sends them, before a behaviour changes them. `behaviour`
 * tells what a behaviour then did.
 */
export type EmulatorEvent =
  /** A host opened a connection, or the connection closed. */
  | { readonly event: 'connected' | 'disconnected'; readonly connection: string }
  | ({ readonly event: 'message'; readonly message: Message } & LoggedFrame)
  /**
   * A whole frame that is not a message of this version: a request that the device refuses, or the refusal of a request
   * whose type is not defined.
   */
  | ({
      readonly event: 'frame';
      readonly problem: MessageErrorCode;
      readonly version: number;
      readonly type: number;
      readonly session: number;
      readonly sequence: number;
    } & LoggedFrame)
  /**
   * A behaviour did something to the frame with this number. Nothing is emitted if it passed the frame on unchanged.
   * `wire` has the bytes that it passed on; for `answered`, the bytes of the answer, which is the frame with
   * `answerNumber`. `left` is the number of frames on which the behaviour will still act; absent if there is no limit, or
   * if the behaviour does not tell.
   */
  | ({
      readonly event: 'behaviour';
      readonly id: number;
      readonly name: string;
      readonly effect: BehaviourEffect;
      readonly left?: number | undefined;
      readonly answerNumber?: number | undefined;
    } & Omit<LoggedFrame, 'wire'> & { readonly wire?: string | undefined })
  /** The request with this number repeats a request. The device answered it again, and did not execute it again. */
  | { readonly event: 'repeat'; readonly connection: string; readonly frameNumber: number }
  /** A session opened or ended. The event follows the event of its cause. */
  | ({ readonly event: 'session' } & SessionInfo)
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
  | { readonly event: 'start'; readonly bootId: number }
  /** The device continues with a state that `importState` was given. */
  | { readonly event: 'restore'; readonly bootId: number; readonly snapshot: Snapshot };
