import { Emulator, type EmulatorEvent, type EmulatorOptions, VirtualClock } from '@bluetap/emulator';
import { afterEach, expect } from 'vitest';
import { Client, type ClientEvents, type ClientOptions, type PayCommand } from '../src/index.js';

export const order: PayCommand = { paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' };

/** Numbers that are different in one run and the same in each run. */
export function counting(start: number): () => number {
  let next = start;
  return () => next++;
}

type RigOptions = Partial<ClientOptions> & { readonly emulated?: EmulatorOptions; readonly clock?: VirtualClock };

/**
 * A client and an emulated device in one virtual time, with all events of the client and all messages of the device.
 */
export function rig({ emulated, ...options }: RigOptions = {}) {
  const clock = options.clock ?? new VirtualClock();
  const log: EmulatorEvent[] = [];
  const emulator = new Emulator({ clock, random: counting(7), onEvent: (event) => log.push(event), ...emulated });
  const client = new Client({ transport: emulator.transport(), random: counting(1000), ...options, clock });
  const told: { name: keyof ClientEvents; event: unknown }[] = [];
  for (const name of ['connected', 'disconnected', 'link', 'resolved'] as const) {
    client.on(name, (event) => told.push({ name, event }));
  }
  return {
    clock,
    emulator,
    client,
    /** The events that the client emitted with this name. */
    events: <Name extends keyof ClientEvents>(name: Name) =>
      told.filter((each) => each.name === name).map((each) => each.event as ClientEvents[Name]),
    /** The types of the messages that the device received, in order. */
    requests: () =>
      log.flatMap((each) => (each.event === 'message' && each.direction === 'in' ? [each.message.type] : [])),
    /** How many payment links the device has shown. */
    shown: () => log.filter((each) => each.event === 'state' && each.cause === 'pay').length,
    /** The settled value of a promise, after at most `ms` of virtual time. */
    within: <T>(ms: number, promise: Promise<T>) => within(clock, ms, promise),
  };
}

/** The settled value of a promise, after `ms` of virtual time. An error if the promise has not settled by then. */
export async function within<T>(clock: VirtualClock, ms: number, promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = () => {
    settled = true;
  };
  promise.then(mark, mark);
  await clock.advance(ms);
  if (!settled) throw new Error(`not settled within ${ms} ms`);
  return promise;
}

/** Starts a `rig` for one test. After the test, everything is closed, and no timer may be left. */
export function rigs() {
  const started: ReturnType<typeof rig>[] = [];
  afterEach(async () => {
    for (const { client, emulator, clock } of started.splice(0)) {
      const closed = Promise.all([client.close(), emulator.close()]);
      await clock.advance(2000);
      await closed;
      expect(clock.pending).toBe(0);
    }
  });
  return (options?: RigOptions) => {
    const one = rig(options);
    started.push(one);
    return one;
  };
}
