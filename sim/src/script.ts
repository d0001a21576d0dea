/** The number of a POS program. The second program uses the same device, through the same line or another line. */
export type Pos = 0 | 1;
export type Direction = 'toDevice' | 'toHost';

/** A fault of one direction of a cable. It affects the bytes for some time. */
export type CableFault =
  | { readonly kind: 'lose' | 'flip' | 'split' | 'join' | 'noise' | 'dead' }
  | { readonly kind: 'delay'; readonly ms: number };

/** A wrong behaviour of the device. It lasts for some time. */
export type DeviceFault =
  | 'late'
  | 'twice'
  | 'wrong-session'
  | 'wrong-sequence'
  | 'wrong-type'
  | 'mute'
  | 'no-such-session'
  | 'sequence-used'
  | 'refused-after-loss'
  | 'links-lost'
  | 'links-twice'
  | 'foreign-refusal'
  | Lie;

/** What a device says that cannot be true. docs/protocol.md section 4, Contradictions. */
export const LIES = ['false-reply', 'used-session', 'false-hello', 'fewer-taps', 'false-link'] as const;
export type Lie = (typeof LIES)[number];

/** What can happen between two frames. */
export type Ambush = 'crash' | 'reopen' | 'power-cycle' | 'unplug' | 'tap' | 'abort-all' | 'swap' | 'block';

/** The options of the client of a POS program. */
export interface PosOptions {
  readonly keepAliveMs?: number;
  /** The serial number of the device that the program wants. Absent: any device. */
  readonly device?: string;
}

/** One step at a time of a run. A number is in milliseconds unless its name says something else. */
export type Step = { readonly at: number } & (
  | {
      readonly do: 'pay';
      readonly pos: Pos;
      readonly timeoutMs: number;
      readonly expiry: number;
      readonly abortAfter?: number;
    }
  | {
      readonly do: 'cancel';
      readonly pos: Pos;
      readonly timeoutMs: number;
      readonly oneOrder: boolean;
      readonly abortAfter?: number;
    }
  | { readonly do: 'status'; readonly pos: Pos; readonly timeoutMs: number; readonly abortAfter?: number }
  | { readonly do: 'outcome'; readonly pos: Pos; readonly timeoutMs: number }
  | { readonly do: 'info'; readonly pos: Pos; readonly timeoutMs: number }
  | { readonly do: 'reopen' | 'crash' | 'abort-all'; readonly pos: Pos }
  | { readonly do: 'power-cycle' }
  | { readonly do: 'tap'; readonly times?: number }
  | { readonly do: 'nfc-fault'; readonly for: number; readonly fault: 'now' | 'on-pay' | 'stuck' }
  /** The event loop of a POS program stands still. */
  | { readonly do: 'block'; readonly pos: Pos; readonly for: number }
  /** The host does not read, so that the device drops each LINK. */
  | { readonly do: 'congested'; readonly for: number }
  /** Another device is in the place of the first one: with a replug, or behind a line that stays open. */
  | { readonly do: 'swap'; readonly for: number; readonly how: 'replugged' | 'silent' }
  /** Something happens right after some frames of the first POS program, so also within an exchange. */
  | { readonly do: 'ambush'; readonly direction: Direction; readonly frames: number; readonly what: Ambush }
  | { readonly do: 'unplug'; readonly for: number; readonly power: 'kept' | 'lost' }
  | { readonly do: 'cut'; readonly direction: Direction; readonly afterBytes: number; readonly for: number }
  | {
      readonly do: 'cable';
      readonly pos: Pos;
      readonly direction: Direction;
      readonly fault: CableFault;
      readonly for: number;
      readonly chance: number;
    }
  | { readonly do: 'device'; readonly fault: DeviceFault; readonly for: number }
  | { readonly do: 'list' | 'open' | 'write'; readonly pos: Pos; readonly how: 'fails' | 'hangs'; readonly for: number }
);

/** A whole run: the properties of the world, and its steps. */
export interface Script {
  readonly seed: number;
  /** True if both POS programs share one line, as two processes share a hidraw node. */
  readonly sharedConnection: boolean;
  /** True if the second POS program runs. */
  readonly secondPos: boolean;
  /**
   * True if the lines stay open when the device restarts, as a UART does. Then no POS program is informed. False with a
   * shared connection: there an old session number that comes again by chance would mislead two POS programs. This is a
   * limit of the format (docs/protocol.md section 4, last paragraph), and a UART has one owner.
   */
  readonly openLine: boolean;
  /** The time that bytes need from one end of the cable to the other end. */
  readonly latency: number;
  /** True if both POS programs are one program with two clients: they share the event loop, and crash together. */
  readonly oneProgram?: boolean;
  /** True if a device always has the same id, as a port has. */
  readonly samePlace?: boolean;
  /** True if the system knows the serial number of a device that is not open. */
  readonly listsSerial?: boolean;
  /** The options of each POS program. */
  readonly options?: readonly PosOptions[];
  /** The number of the latest session at the begin, for a device that has run for long. */
  readonly sessionNumber?: number;
  readonly steps: readonly Step[];
}

/** True if only a fault of the device can be a contradiction, and the messages alone show it. */
export function showsContradictions({ openLine, steps }: Script): boolean {
  return (
    !openLine && !steps.some((step) => isSilentSwap(step) || (step.do === 'device' && step.fault === 'false-hello'))
  );
}

/** True if another device comes to a line that stays open, so that no host is told. */
function isSilentSwap(step: Step): boolean {
  return (step.do === 'swap' && step.how === 'silent') || (step.do === 'ambush' && step.what === 'swap');
}
