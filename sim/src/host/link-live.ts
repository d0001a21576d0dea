import type { CommandResult } from '@bluetap/sdk';
import type { State } from '../wire/wire-message.js';
import type { Command } from './command.js';

/**
 * Whether the payment link of a command may be live, if docs/protocol.md section 4 leaves no choice. Undefined if it does.
 */
export function linkLiveOf(
  { type, orderId }: Command,
  outcome: CommandResult['outcome'],
  state: State | undefined,
  reason: number | undefined,
): CommandResult['linkLive'] | undefined {
  if (outcome === 'unknown') return undefined;
  if (type === 'PAY') return outcome === 'executed' ? undefined : 'no';
  // The payment link that is live belongs to another order.
  if (outcome === 'executed' || reason === 5) return 'no';
  if (outcome !== 'not-executed') return undefined;
  if (state !== 'ready') return 'no';
  // The payment link that is live can belong to another order than that of the CANCEL.
  return orderId === undefined ? 'yes' : 'unknown';
}
