import { conformanceCases } from '@bluetap/transport/conformance';
import { describe, it } from 'vitest';
import { havePty, PtyPeer } from './pty.js';

describe.skipIf(!havePty)('the contract, with the real binding over a pseudo-terminal', () => {
  const setup = {
    load: () => import('../src/index.js'),
    create: (received: (bytes: Uint8Array) => void) => PtyPeer.create(received),
    has: {
      unplug: true,
      // A port that was named is always listed: opening it tells why it is not there.
      listFollowsUnplug: false,
      watch: true,
      secondOpen: 'busy',
      // A terminal does not tell its far end who opened it.
      seesChannels: false,
      stallBytes: 4 * 1024 * 1024,
    },
  } as const;
  for (const { name, run } of conformanceCases(setup)) it(name, { timeout: 60_000 }, run);
});
