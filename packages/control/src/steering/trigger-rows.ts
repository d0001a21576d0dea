import type { ParameterValues } from '@bluetap/emulator/commands';

/** An order id that decides what the device does with its PAY. */
export interface TriggerRow {
  /** The order id, or its beginning before a hyphen: `TRY-LOSE` and `TRY-LOSE-0042`. */
  readonly orderId: string;
  /** What happens, for people: one sentence. */
  readonly summary: string;
  /** The commands that are given when the PAY comes. */
  readonly commands: readonly TriggerCommand[];
}

/** A command of a trigger. */
export interface TriggerCommand {
  /** The verb. */
  readonly verb: string;
  /** The parameters of the command. */
  readonly parameters: ParameterValues;
  /** Milliseconds after the PAY; absent: before the device handles the PAY. */
  readonly after?: number | undefined;
}

const ONCE = { times: 1, type: 'PAY' } as const;

/** The order ids that decide something. */
// biome-ignore format: a table
export const TRIGGERS: readonly TriggerRow[] = [
  { orderId: 'TRY-LOSE', summary: 'The reply is lost. The device has executed the PAY.', commands: [{ verb: 'lose-replies', parameters: ONCE }] },
  { orderId: 'TRY-IGNORE', summary: 'The request is lost. The device does not execute it.', commands: [{ verb: 'ignore-requests', parameters: ONCE }] },
  { orderId: 'TRY-LATE', summary: 'The reply comes 1.5 seconds late.', commands: [{ verb: 'delay-replies', parameters: { ms: 1500, ...ONCE } }] },
  { orderId: 'TRY-DAMAGE', summary: 'One bit of the reply is flipped.', commands: [{ verb: 'corrupt-replies', parameters: ONCE }] },
  { orderId: 'TRY-REFUSE', summary: 'The device refuses the PAY with reason 6, a fault of the NFC part. An earlier payment link ends.', commands: [{ verb: 'nfc-fault', parameters: { fault: 'on-pay' } }, { verb: 'nfc-fault', parameters: { fault: 'none' }, after: 0 }] },
  { orderId: 'TRY-UNPLUG', summary: 'The cable is unplugged after the device has executed the PAY. It is plugged in after a second.', commands: [{ verb: 'unplug-after-executing', parameters: { power: 'kept', ...ONCE } }, { verb: 'plug', parameters: {}, after: 1000 }] },
  { orderId: 'TRY-RESTART', summary: 'The device restarts after it has executed the PAY.', commands: [{ verb: 'restart-after-executing', parameters: ONCE }] },
  { orderId: 'TRY-REBOOT', summary: 'The device restarts instead of executing the PAY.', commands: [{ verb: 'restart-before-executing', parameters: ONCE }] },
  { orderId: 'TRY-TAP', summary: 'A phone reads the payment link after a second.', commands: [{ verb: 'tap', parameters: {}, after: 1000 }] },
  { orderId: 'TRY-EXPIRE', summary: 'The payment link expires after a second.', commands: [{ verb: 'expire', parameters: {}, after: 1000 }] },
];
