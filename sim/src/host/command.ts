import type { Attempt, CommandResult, Resolution } from '@bluetap/sdk';

/** A PAY or a CANCEL of a POS program, as the POS program and the judge store it. */
export interface Command {
  readonly pos: number;
  readonly type: 'PAY' | 'CANCEL';
  /** Each PAY has a different order id, so that the judge recognises its payment link. */
  readonly orderId: string | undefined;
  readonly calledAt: number;
  readonly timeoutMs: number;
  /** The attempts that the SDK reported for this command, oldest first. */
  readonly attempts: Attempt[];
  /** True if the signal of the call was aborted before the call. */
  aborted?: boolean;
  result?: CommandResult;
  resolution?: Resolution;
  /** True if a later run of the client was given the attempt as pending. */
  handedOver?: boolean;
  /** True if it was given although its outcome was known, as by a program that deletes nothing. */
  again?: boolean;
  /** True if the program crashed before the call settled. Then only the stored attempts are left. */
  crashed?: boolean;
}

/** Returns true if the outcome of a command is not known yet. */
export function inDoubt({ result, resolution, crashed, attempts }: Command): boolean {
  if (resolution || attempts.length === 0) return false;
  return crashed ?? result?.pending ?? true;
}
