import { Emulator, type EmulatorEvent, type EmulatorOptions, VirtualClock } from '@bluetap/emulator';
import { afterEach, expect } from 'vitest';
import { Client, type ClientEvents, type ClientOptions, type PayCommand } from '../src/index.js';

export const order: PayCommand = { paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'POS1-0042' };

/** Numbers that differ and repeat from run to run. */
export function counting(start: number): () => number {
  let next = start;
  return () => next++;
}

type RigOptions = Partial<ClientOptions> & { readonly emulated?: EmulatorOptions; readonly clock?: VirtualClock };

/** A client and an emulated device in one virtual time, with all that the client tells and the device executes. */
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
    /** What the client told under this name. */
    events: <Name extends keyof ClientEvents>(name: Name) =>
      told.filter((each) => each.name === name).map((each) => each.event as ClientEvents[Name]),
    /** The types of the messages that the device took, in order. */
    requests: () =>
      log.flatMap((each) => (each.event === 'message' && each.direction === 'in' ? [each.message.type] : [])),
    /** How many links the device has shown. */
    shown: () => log.filter((each) => each.event === 'state' && each.cause === 'pay').length,
    /** The settled value of a promise, after the time has moved on by at most `ms`. */
    within: <T>(ms: number, promise: Promise<T>) => within(clock, ms, promise),
  };
}

/** The settled value of a promise, after the time has moved on by `ms`; an error if it has not settled by then. */
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

/** `start` as `rig`, for one test; after it everything is closed and no timer may be left. */
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
