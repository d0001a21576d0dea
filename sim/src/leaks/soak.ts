import { Emulator, VirtualClock } from '@bluetap/emulator';
import { Client } from '@bluetap/sdk';
import { CountedClock, Random } from '@bluetap/testing';
import { leftBehind } from './left-behind.js';

/** What a soak counted while everything was idle. */
export interface Counts {
  readonly calls: number;
  /** Bytes of the heap after a garbage collection. */
  readonly heap: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Collections of the client and the device that have more entries than they may. */
  readonly left: readonly string[];
}

/**
 * Lets one client make many calls to one device, with lost power, lost cables, calls that are given up and taps, in
 * virtual time. Counts what is kept each time that `each` more calls have ended.
 * @param collect Collects garbage.
 */
export async function soak(calls: number, each: number, collect: () => void): Promise<Counts[]> {
  const clock = new VirtualClock();
  const counted = new CountedClock(clock);
  const random = new Random(1);
  const emulator = new Emulator({ clock: counted, random: () => random.uint32(), onEvent: () => {} });
  const client = new Client({ transport: emulator.transport(), clock: counted, random: () => random.uint32() });
  const shopCloses = new AbortController();
  const counts: Counts[] = [];
  for (let done = 1; done <= calls; done++) {
    await call(client, emulator, clock, random, shopCloses.signal);
    if (done % each > 0) continue;
    // Everything that waits comes to its end: links expire, a client that has lost its device finds it.
    await clock.advance(20_000);
    collect();
    const left = [...leftBehind(client), ...leftBehind(emulator)];
    counts.push({ calls: done, heap: process.memoryUsage().heapUsed, timers: counted.pending, left });
  }
  await Promise.all([client.close(), emulator.close()]);
  counts.push({ calls, heap: process.memoryUsage().heapUsed, timers: counted.pending, left: [] });
  return counts;
}

async function call(
  client: Client,
  emulator: Emulator,
  clock: VirtualClock,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const orderId = `S-${random.below(1000)}`;
  const own = new AbortController();
  const options = { timeoutMs: 2000, signal: random.chance(0.5) ? signal : own.signal, onAttempt: () => {} };
  const payment = { paymentMethod: 'TRUEMONEY', orderId, expiryTime: 1 } as const;
  const kind = random.below(4);
  const ending =
    kind < 2
      ? client.pay(payment, options)
      : kind === 2
        ? client.cancel({}, options)
        : client.status(options).catch(() => undefined);
  if (random.oneIn(50)) emulator.powerCycle();
  if (random.oneIn(50)) own.abort(new Error('given up'));
  await clock.advance(0);
  if (random.oneIn(4)) emulator.tap();
  await clock.advance(random.oneIn(10) ? 1500 : 0);
  if (random.oneIn(100)) {
    emulator.unplug();
    await clock.advance(300);
    emulator.plug();
  }
  await clock.advance(0);
  // A call that meets a fault ends within its time.
  const settled = ending.then(() => true);
  if (!(await Promise.race([settled, Promise.resolve().then(() => false)]))) await clock.advance(2500);
  await ending;
}
