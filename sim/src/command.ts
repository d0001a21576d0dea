import type { Attempt, CommandResult, Resolution } from '@bluetap/sdk';

/** One pay or cancel, as the POS and the judge remember it. */
export interface Command {
  readonly pos: number;
  readonly type: 'PAY' | 'CANCEL';
  /** Another one for every PAY, so that its payment link is recognised. */
  readonly orderId: string | undefined;
  readonly calledAt: number;
  readonly timeoutMs: number;
  /** Orders whose payment link was live when the call was made, or since: what a CANCEL without an order may be about. */
  readonly attempts: Attempt[];
  result?: CommandResult;
  resolution?: Resolution;
  /** The program crashed before the call settled: what was written down is all that is left of it. */
  crashed?: boolean;
}

/** Whether what became of a command is still to be learnt. */
export function inDoubt({ result, resolution, crashed, attempts }: Command): boolean {
  if (resolution || attempts.length === 0) return false;
  return crashed ?? result?.pending ?? true;
}
