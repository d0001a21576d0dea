import { expect, it } from 'vitest';
import type { Scope } from '../src/abort.js';
import { deliver } from '../src/command.js';
import type { SessionKeeper } from '../src/session-keeper.js';

it('a mistake in the SDK itself never becomes a claim that nothing was sent', async () => {
  const keeper = {
    ready: () => Promise.reject(new Error('no session')),
  } as unknown as SessionKeeper;
  // Nobody is told that this fails: it is what no code here expects.
  const scope = {
    get aborted(): boolean {
      throw new Error('impossible');
    },
  } as Scope;
  const result = await deliver(
    { type: 'PAY', session: 0, sequence: 0, paymentMethod: 'TRUEMONEY' },
    { keeper, logger: undefined, onDoubt: () => {} },
    undefined,
    scope,
  );
  expect(result).toMatchObject({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', link: 'unknown', pending: false });
  expect(result.error?.message).toBe('Something unforeseen failed: impossible');
});
