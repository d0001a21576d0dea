import { conformanceCases } from '@bluetap/transport/conformance';
import { describe, it } from 'vitest';
import { PtyPeer } from './pty.js';
import { havePty } from './terminal.js';

describe.skipIf(!havePty)('the contract, with the real binding over a pseudo-terminal', () => {
  const setup = {
    load: () => import('../src/index.js'),
    create: (received: (bytes: Uint8Array) => void) => PtyPeer.create(received),
    has: {
      unplug: true,
      // A named port is always listed. If it is not there, `open` says why.
      listFollowsUnplug: false,
      watch: true,
      secondOpen: 'busy',
      // The far end of a terminal does not know which program opened it.
      seesChannels: false,
      stallBytes: 4 * 1024 * 1024,
    },
  } as const;
  for (const { name, run } of conformanceCases(setup)) it(name, { timeout: 60_000 }, run);
});
