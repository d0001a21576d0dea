// Tests the contract of packages/transport over a COM port, with serialport's binding for Windows.
import { describe, test } from 'node:test';
import { conformanceCases } from '@bluetap/transport/conformance';
import { ComPeer } from './com-peer.js';

const setup = {
  load: () => import('@bluetap/transport-serial'),
  create: (received: (bytes: Uint8Array) => void) => ComPeer.create(received),
  has: {
    unplug: true,
    listFollowsUnplug: false,
    watch: false,
    secondOpen: 'works',
    seesChannels: false,
    stallBytes: 4 * 1024 * 1024,
  },
} as const;

describe('the contract, over a COM port', () => {
  for (const { name, run } of conformanceCases(setup)) test(name, { timeout: 60_000 }, run);
});
