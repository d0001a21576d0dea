import { expect, it } from 'vitest';
import { deliver } from '../../src/command/deliver.js';
import type { Scope } from '../../src/common/scope.js';
import type { HostSessions } from '../../src/session/host-sessions.js';

it('a bug in the SDK itself never becomes the statement that nothing was sent', async () => {
  const sessions = {
    obtain: () => Promise.reject(new Error('no session')),
  } as unknown as HostSessions;
  // No code here expects that this function fails.
  const scope = {
    get aborted(): boolean {
      throw new Error('impossible');
    },
  } as Scope;
  const result = await deliver(
    { type: 'PAY', session: 0, sequence: 0, paymentMethod: 'TRUEMONEY' },
    { sessions, logger: undefined, onDoubt: () => {} },
    undefined,
    scope,
  );
  expect(result).toMatchObject({ code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive: 'unknown', pending: false });
  expect(result.error?.message).toBe(
    'Something unexpected failed, so ask the acquirer before you send it again: impossible',
  );
});
