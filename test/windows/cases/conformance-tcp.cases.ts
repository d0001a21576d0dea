// Tests the contract of packages/transport over TCP, with both ends in the Windows program.
import { describe, test } from 'node:test';
import { conformanceCases } from '@bluetap/transport/conformance';
import { tcpPeer } from '../../../packages/transport-socket/test/peer.js';

const setup = {
  load: () => import('@bluetap/transport-socket'),
  create: (received: (bytes: Uint8Array) => void) => tcpPeer(received),
  has: {
    unplug: true,
    listFollowsUnplug: false,
    watch: false,
    secondOpen: 'works',
    seesChannels: true,
    stallBytes: 16 * 1024 * 1024,
  },
} as const;

describe('the contract, over TCP', () => {
  for (const { name, run } of conformanceCases(setup)) test(name, { timeout: 60_000 }, run);
});
