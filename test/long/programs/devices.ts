// Many devices in one process: a thousand devices that each work with a client, and ten thousand devices that are idle.
// Needs --expose-gc.
import { kib, mib, Report, sample } from './figures.js';
import { Client, Emulator } from './packages.js';

const BUSY = 1000;
const IDLE = 10_000;
/**
 * The limit for one idle device. Measured: 1.3 KiB. Only a buffer or a timer for each device would exceed this limit.
 */
const IDLE_BYTES = 16 * 1024;
/** The limit for the memory that stays after all devices are closed. It is code that was compiled during the run. */
const LEFT_BYTES = 2 * 1024 * 1024;

const report = new Report(120);
const before = await sample();

async function busy(): Promise<void> {
  const pairs = Array.from({ length: BUSY }, (_, n) => {
    const emulator = new Emulator({ serialNumber: `EMU-${n}` });
    return { emulator, client: new Client({ transport: emulator.transport(), device: `EMU-${n}` }) };
  });
  const start = performance.now();
  const results = await Promise.all(
    pairs.map(async ({ emulator, client }, n) => {
      const orderId = `D${n}`;
      const pay = await client.pay({ paymentMethod: 'ALIPAY_CN', amount: '1.00', orderId });
      const shown = emulator.snapshot.orderId;
      const cancel = await client.cancel({ orderId });
      return { pay, shown, cancel, state: emulator.snapshot.state };
    }),
  );
  const ms = performance.now() - start;
  for (const [n, { pay, shown, cancel, state }] of results.entries()) {
    report.check(pay.code === 'SUCCESS' && shown === `D${n}`, () => `device ${n}: ${pay.code}, shows ${shown}`);
    report.check(cancel.code === 'SUCCESS' && state === 'cancelled', () => `device ${n}: ${cancel.code}, is ${state}`);
  }
  const full = await sample();
  report.figure('devices and clients at work', BUSY);
  report.figure('pay and cancel at each', `${ms.toFixed(0)} ms in all`);
  report.figure('heap for one device with its client', kib((full.heap - before.heap) / BUSY));
  report.figure('rss then', mib(full.rss));
  const closing = performance.now();
  await Promise.all(pairs.map(({ client }) => client.close()));
  await Promise.all(pairs.map(({ emulator }) => emulator.close()));
  report.figure('closing them', `${(performance.now() - closing).toFixed(0)} ms`);
}

async function idle(): Promise<void> {
  const empty = await sample();
  const emulators = Array.from({ length: IDLE }, () => new Emulator());
  const full = await sample();
  const each = (full.heap + full.external - empty.heap - empty.external) / IDLE;
  report.figure('idle devices', IDLE);
  report.figure('memory for one of them', `${kib(each)} (bound ${kib(IDLE_BYTES)})`);
  report.figure('handles of idle devices', full.handles - empty.handles);
  report.check(each <= IDLE_BYTES, () => `an idle device takes ${kib(each)}`);
  report.check(full.handles === empty.handles, () => `idle devices keep ${full.handles - empty.handles} handles`);
  await Promise.all(emulators.map((emulator) => emulator.close()));
}

await busy();
await idle();
const after = await sample();
report.figure('heap', `${kib(before.heap)} before, ${kib(after.heap)} after`);
report.check(after.heap - before.heap <= LEFT_BYTES, () => `${kib(after.heap - before.heap)} are left after close`);
await report.closed(before.handles);
report.tell();
