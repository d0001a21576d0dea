import { Emulator, type Peer } from '@bluetap/emulator';
import { type ConformanceHarness, conformanceCases } from '@bluetap/transport/conformance';
import { describe, test } from 'vitest';

/**
 * Tests the in-process transport with the contract suite. The bytes of the suite are not messages. So the far end of
 * the suite replaces the device's answers, behind the same connection.
 */
async function create(received: (bytes: Uint8Array) => void): Promise<ConformanceHarness> {
  const emulator = new Emulator();
  const ports: Peer[] = [];
  let waiting: (() => void)[] = [];
  let greeting: Uint8Array | undefined;
  const change = () => {
    for (const wake of waiting) wake();
    waiting = [];
  };
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => waiting.push(resolve));
  };

  const attach = emulator.attach.bind(emulator);
  emulator.attach = (port) => {
    const gone = () => {
      if (ports.includes(port)) ports.splice(ports.indexOf(port), 1);
      change();
    };
    const connection = attach({
      ...port,
      close: () => {
        port.close();
        gone();
      },
    });
    ports.push(port);
    change();
    if (greeting) port.send(greeting);
    greeting = undefined;
    return {
      receive: received,
      end: () => {
        connection.end();
        gone();
      },
    };
  };

  return {
    transport: emulator.transport(),
    send: async (bytes) => {
      await until(() => ports.length > 0);
      ports.at(-1)!.send(bytes);
    },
    unplug: async () => emulator.unplug(),
    plug: async () => emulator.plug(),
    greet: async (bytes) => {
      greeting = bytes;
    },
    channelsClosed: () => until(() => ports.length === 0),
    dispose: () => emulator.close(),
  };
}

describe('the in-process transport obeys the contract', () => {
  const cases = conformanceCases({
    load: () => import('@bluetap/emulator'),
    create,
    has: { unplug: true, listFollowsUnplug: true, watch: true, secondOpen: 'works', seesChannels: true, stallBytes: 0 },
  });
  test.each(cases)('$name', ({ run }) => run());
});
