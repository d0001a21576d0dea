import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { VirtualClock } from '@bluetap/emulator';
import type { Transport } from '@bluetap/transport';
import { conformanceCases } from '@bluetap/transport/conformance';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { CHANNELS, diagnose, record } from '../../src/diagnostics/index.js';
import { conformanceHarness } from './harness.js';

/** A decorated transport keeps the contract, with and without subscribers. */
const cases = (wrap: (transport: Transport) => Transport) =>
  conformanceCases({
    load: () => import('../../src/diagnostics/index.js'),
    create: (received) => conformanceHarness(received, wrap),
    has: { unplug: true, listFollowsUnplug: true, watch: true, secondOpen: 'works', seesChannels: true, stallBytes: 0 },
  });

describe('a transport without subscribers keeps the contract', () => {
  test.each(cases((transport) => diagnose(transport)))('$name', ({ run }) => run());
});

describe('a transport with subscribers of every channel keeps the contract', () => {
  const names = Object.values(CHANNELS).flatMap((name) => [
    name,
    ...['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((event) => `tracing:${name}:${event}`),
  ]);
  const look = () => {};
  beforeAll(() => {
    for (const name of names) subscribe(name, look);
  });
  afterAll(() => {
    for (const name of names) unsubscribe(name, look);
  });
  test.each(cases((transport) => diagnose(transport)))('$name', ({ run }) => run());
});

describe('a transport that is recorded keeps the contract', () => {
  const write = () => {};
  test.each(cases((transport) => record(transport, { write, about: {} }).transport))('$name', ({ run }) => run());
});

describe('a transport whose record cannot be written keeps the contract', () => {
  const write = () => {
    throw new Error('the disk is full');
  };
  const clock = new VirtualClock();
  test.each(cases((transport) => record(transport, { write, about: {}, clock }).transport))('$name', ({ run }) =>
    run(),
  );
});
