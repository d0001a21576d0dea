import { conformanceCases } from '@bluetap/transport/conformance';
import { describe, it } from 'vitest';
import { FakeUsb } from './fake-usb.js';

describe('the contract, over a fake usb', () => {
  const setup = {
    load: () => import('../src/index.js'),
    create: async (received: (bytes: Uint8Array) => void) => new FakeUsb(received),
    has: {
      unplug: true,
      listFollowsUnplug: true,
      watch: true,
      secondOpen: 'busy',
      seesChannels: true,
      stallBytes: 64,
    },
  } as const;
  for (const { name, run } of conformanceCases(setup)) it(name, { timeout: 60_000 }, run);
});
