import { type ConformanceCapabilities, conformanceCases } from '@bluetap/transport/conformance';
import { describe, it } from 'vitest';
import { tcpPeer, unixPeer } from './peer.js';

const has: ConformanceCapabilities = {
  unplug: true,
  listFollowsUnplug: false, // an address is listed even if nothing listens there
  watch: false,
  secondOpen: 'works',
  seesChannels: true,
  stallBytes: 16 * 1024 * 1024, // more than the buffers of both systems for one connection
};
const load = () => import('../src/index.js');

describe('the contract, over TCP', () => {
  for (const { name, run } of conformanceCases({ load, create: (received) => tcpPeer(received), has })) {
    it(name, { timeout: 60_000 }, run);
  }
});

describe('the contract, over a unix socket', () => {
  for (const { name, run } of conformanceCases({ load, create: (received) => unixPeer(received), has })) {
    it(name, { timeout: 60_000 }, run);
  }
});
