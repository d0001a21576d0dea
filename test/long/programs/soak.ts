// A POS works for a long time over a real socket. The device is in the same process, so a leak on either side is found.
// The first part uses one connection. In the second part, the device loses its power again and again. Needs
// --expose-gc.
// BLUETAP_LONG_COMMANDS: the number of commands in the first part. The second part has a quarter of this number.
import { handles, Report, type Sample, sample, setting } from './figures.js';
import { Client, Emulator, listen, socket } from './packages.js';

const COMMANDS = setting('BLUETAP_LONG_COMMANDS', 20_000);
const SAMPLES = 40;

/**
 * Half of the run is between the middles of the second and the last quarter: 10,000 commands in the short form. 512 KiB
 * is then 52 bytes for each command. This is less than the smallest possible leak of a command (an entry of a Set with
 * its closure takes about 100 bytes), and several times the measured noise. With 200,000 commands, it is 5 bytes for
 * each.
 */
const BOUNDS = { heap: 512 * 1024, external: 256 * 1024 };

const report = new Report(60 + COMMANDS / 200);
const before = handles().length;
/**
 * One signal for all calls, like the signal that ends a program. Listeners that are not removed from it would
 * accumulate.
 */
const day = new AbortController();

/** @param losses The number of commands between two losses of power. */
async function soak(name: string, commands: number, losses = Number.POSITIVE_INFINITY): Promise<void> {
  const emulator = new Emulator();
  const listener = await listen(emulator, { tcp: '127.0.0.1:0' });
  const client = new Client({ transport: socket(listener.address) });
  const counts = { executed: 0, unknown: 0, attempts: 0, connections: 0, links: 0 };
  client.on('connected', () => counts.connections++);

  const one = async (n: number): Promise<void> => {
    const options = { signal: day.signal, timeoutMs: 10_000, onAttempt: () => counts.attempts++ };
    const off = client.on('link', () => counts.links++);
    // The phone reads a payment link that the next command cancels.
    if (n % 64 === 1) emulator.tap();
    const call =
      n % 2 === 0
        ? client.pay({ paymentMethod: 'TRUEMONEY', amount: '1.00', orderId: `S${n}` }, options)
        : client.cancel({ orderId: `S${n - 1}` }, options);
    if (n % losses === losses - 1) emulator.powerCycle();
    const { outcome, error } = await call;
    if (outcome === 'executed' || outcome === 'unknown') counts[outcome]++;
    else report.check(false, () => `${name}: command ${n} was ${outcome}: ${error?.message}`);
    if (n % 100 === 50) await client.status({ signal: day.signal });
    off();
  };

  const samples: Sample[] = [];
  const start = performance.now();
  const cpu = process.cpuUsage();
  for (let n = 0; n < commands; n++) {
    await one(n);
    if ((n + 1) % Math.floor(commands / SAMPLES) === 0) samples.push(await sample());
  }
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);

  const tell = (what: string, value: string | number) => report.figure(`${name}: ${what}`, value);
  tell('commands', `${commands}, ${counts.attempts} attempts told, ${counts.executed} executed`);
  tell('unknown after a loss of power', counts.unknown);
  tell(
    'connections',
    `${counts.connections}, with ${client.statistics.sessions} sessions, ${counts.links} link events`,
  );
  tell('time', `${(ms / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  tell('commands a second', Math.round((commands / ms) * 1000));
  report.flat(samples, BOUNDS, `${name}: `);
  report.check(counts.attempts === commands, () => `${name}: ${counts.attempts} attempts told of ${commands} commands`);

  await client.close();
  await emulator.close();
}

await soak('one channel', COMMANDS);
await soak('losses of power', Math.ceil(COMMANDS / 4), 10);
await report.closed(before);
report.tell();
