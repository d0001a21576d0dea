import { Emulator } from '@bluetap/emulator';
import { connect } from '@bluetap/sdk';
import { median } from './side-by-side.js';
import type { Section } from './tables/table.js';
import { commands } from './workload/commands.js';

/** Measures PayCommands per second, one after the other: SDK, codec and emulated device are all in this process. */
export async function throughput(rounds: number): Promise<Section> {
  const emulator = new Emulator();
  const client = await connect({ transport: emulator.transport() });
  const each = 500;
  const rates: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const started = performance.now();
    for (let count = 0; count < each; count++) {
      const { paymentMethod, amount, orderId } = commands[count % commands.length]!;
      const { code } = await client.pay({ paymentMethod, amount, orderId });
      if (code !== 'SUCCESS') throw new Error(`the emulated device answered ${code}`);
    }
    if (round >= 0) rates.push((each / (performance.now() - started)) * 1000);
  }
  await client.close();
  await emulator.close();
  return {
    title: 'PayCommands through SDK and emulator',
    tables: [{ head: ['', 'a second'], rows: [['one client, one device, in one process', median(rates).toFixed(0)]] }],
  };
}
