import { describe, expect, it } from 'vitest';
import { type ConformanceCapabilities, type ConformanceSetup, conformanceCases } from '../src/conformance/index.js';
import { type AbortOptions, type Clock, TransportError } from '../src/index.js';
import { faults } from './faults.js';
import { everything, MemoryDevice } from './memory.js';

/**
 * A timer fires after one turn of the event loop, and the timer of the watchdog after ten turns. A transport that works
 * in microtasks has then finished its work.
 */
const impatient: Clock = {
  now: () => 0,
  setTimeout: (callback, ms) => {
    const timer = { turns: ms === 0 ? 1 : 10 };
    const turn = (): void => {
      timer.turns -= 1;
      if (timer.turns === 0) callback();
      else if (timer.turns > 0) setImmediate(turn);
    };
    setImmediate(turn);
    return timer;
  },
  clearTimeout: (timer) => {
    (timer as { turns: number }).turns = 0;
  },
};

const nothing: ConformanceCapabilities = {
  unplug: false,
  listFollowsUnplug: false,
  watch: false,
  secondOpen: 'works',
  seesChannels: false,
  stallBytes: 0,
};

function memorySetup(changes: Partial<ConformanceSetup> = {}): ConformanceSetup {
  return {
    load: () => import('../src/index.js'),
    create: async (received) => new MemoryDevice(received),
    has: everything,
    clock: impatient,
    ...changes,
  };
}

describe('the suite passes', () => {
  describe('a correct transport in memory, with all capabilities', () => {
    for (const { name, run } of conformanceCases(memorySetup())) it(name, run);
  });

  describe('a transport with no special capabilities that opens only one channel at a time', () => {
    const setup = memorySetup({
      create: async (received) => {
        const device = new MemoryDevice(received);
        const { name, list, open } = device.transport;
        const exclusive: typeof open = async (info, handlers, options) => {
          if (device.channels.length > 0) throw new TransportError('busy', 'held');
          return open(info, handlers, options);
        };
        return {
          transport: { name, list, open: exclusive },
          send: (bytes) => device.send(bytes),
          dispose: async () => {},
        };
      },
      has: { ...nothing, secondOpen: 'busy' },
    });
    for (const { name, run } of conformanceCases(setup)) it(name, run);
  });

  it('one of several listed devices, if the harness chooses it', async () => {
    const setup = memorySetup({
      create: async (received) => {
        const device = new MemoryDevice(received);
        const { list } = device.transport;
        const transport = {
          ...device.transport,
          list: async (options?: AbortOptions) => [{ id: 'another' }, ...(await list(options))],
        };
        return { transport, choose: ([, mine]) => mine, send: (bytes) => device.send(bytes), dispose: async () => {} };
      },
      has: { ...nothing, watch: true },
    });
    for (const { run } of conformanceCases(setup)) await run();
  });
});

describe('the suite fails', () => {
  for (const { fault, breaks, says, make } of faults) {
    it(`a transport that ${fault}`, async () => {
      const create = async (received: (bytes: Uint8Array) => void) => make(new MemoryDevice(received));
      const broken = conformanceCases(memorySetup({ create })).find(({ name }) => name === breaks);
      expect(broken, `no case has the name "${breaks}"`).toBeDefined();
      await expect(broken?.run()).rejects.toThrow(says);
    });
  }

  it('a harness without a declared capability', async () => {
    const create: ConformanceSetup['create'] = async (received) => {
      const device = new MemoryDevice(received);
      return { transport: device.transport, send: (bytes) => device.send(bytes), dispose: async () => {} };
    };
    await expect(runAll(memorySetup({ create }))).rejects.toThrow('but the harness has no ');
  });

  it('a package that cannot be imported', async () => {
    const load = () => Promise.reject(new Error('libudev.so.1 is missing'));
    await expect(runAll(memorySetup({ load }))).rejects.toThrow('libudev.so.1 is missing');
  });

  it('more than one listed device, if the harness does not choose', async () => {
    const create: ConformanceSetup['create'] = async (received) => {
      const device = new MemoryDevice(received);
      device.transport.list = async () => [{ id: 'a' }, { id: 'b' }];
      return device;
    };
    await expect(runAll(memorySetup({ create }))).rejects.toThrow('the harness needs choose()');
  });
});

describe('conformanceCases', () => {
  it('has a case only if the setup declares its capabilities', () => {
    const names = (has: ConformanceCapabilities) => conformanceCases(memorySetup({ has })).map(({ name }) => name);
    const all = names(everything);
    expect(new Set(all).size).toBe(all.length);
    const few = names(nothing);
    expect(all).toEqual(expect.arrayContaining(few));
    expect(all.filter((name) => !few.includes(name))).toEqual([
      'bytes that the device sends when it sees the channel are not lost',
      'an abort ends a write that the device does not accept',
      'close and a write end, although the device accepts nothing',
      'an unplug calls onClose of an idle channel once, with disconnected',
      'write after an unplug rejects with disconnected',
      'an unplug settles the writes under way',
      'close right after an unplug resolves, and onClose is called once',
      'close during an unplug and from inside onClose resolves',
      'open during an unplug rejects, or returns a channel that ends',
      'an unplugged device cannot be opened, but can be opened again after plug',
      'an unplug ends a write that the device does not accept',
      'a watch can be stopped twice',
      'watch reports an unplug and a plug',
      'a stopped watch makes no calls, and another watch still reports',
    ]);
  });

  it('disposes of the harness once, after success and after failure', async () => {
    let made = 0;
    let disposed = 0;
    const create: ConformanceSetup['create'] = async (received) => {
      made += 1;
      const device = new MemoryDevice(received);
      device.dispose = async () => {
        disposed += 1;
      };
      if (made > 10) device.transport.list = () => Promise.reject(new Error('the list fails'));
      return device;
    };
    const outcomes = [];
    for (const { run } of conformanceCases(memorySetup({ create }))) {
      outcomes.push(
        await run().then(
          () => 'passed',
          () => 'failed',
        ),
      );
    }
    expect(outcomes).toContain('passed');
    expect(outcomes).toContain('failed');
    expect(disposed).toBe(made);
  });

  it('passes with padding: reports that are filled with 0x00, as with HID', async () => {
    const inReports = (bytes: Uint8Array): Uint8Array => {
      const padded = new Uint8Array(Math.ceil(bytes.length / 64) * 64);
      padded.set(bytes);
      return padded;
    };
    const create: ConformanceSetup['create'] = async (received) => {
      const device = new MemoryDevice((bytes) => received(inReports(bytes)));
      const send = device.send.bind(device);
      device.send = (bytes) => send(inReports(bytes));
      return device;
    };
    await runAll(memorySetup({ create }));
  });
});

async function runAll(setup: ConformanceSetup): Promise<void> {
  for (const { run } of conformanceCases(setup)) await run();
}
