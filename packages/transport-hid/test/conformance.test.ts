import { conformanceCases } from '@bluetap/transport/conformance';
import { describe, it } from 'vitest';
import { FakeHid } from './fake-hid.js';

describe('the contract, over a fake node-hid', () => {
  const setup = {
    load: () => import('../src/index.js'),
    create: async (received: (bytes: Uint8Array) => void) => new FakeHid(received),
    has: {
      unplug: true,
      listFollowsUnplug: true,
      watch: true,
      secondOpen: 'works',
      seesChannels: true,
      stallBytes: 64,
    },
  } as const;
  for (const { name, run } of conformanceCases(setup)) it(name, { timeout: 60_000 }, run);
});
