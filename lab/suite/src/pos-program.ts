// A POS in a process of its own, perhaps of an ordinary user: for each line {"transport","device","orderId"} on stdin it
// pays, and tells how that went. A channel that was opened stays open until stdin ends.
import { createInterface } from 'node:readline';
import { type Client, connect } from '@bluetap/sdk';
import type { TransportError } from '@bluetap/transport';
import type { PosAnswer, PosOrder } from './pos-process.js';
import { transports } from './transports.js';

const clients = new Map<string, Client>();

for await (const line of createInterface({ input: process.stdin })) {
  const { transport: name, device, orderId } = JSON.parse(line) as PosOrder;
  try {
    const client = clients.get(name) ?? (await open(name, device));
    clients.set(name, client);
    const { code, outcome, error } = await client.pay({ paymentMethod: 'TRUEMONEY', orderId });
    tell({ code, outcome, message: error?.message });
  } catch (error) {
    const { code, message } = error as TransportError;
    tell({ code, message });
  }
}
for (const client of clients.values()) await client.close();

function tell(answer: PosAnswer): void {
  console.log(JSON.stringify(answer));
}

/** Opens it once without the SDK, which would try again and again, to learn what is wrong. */
async function open(name: string, device: string): Promise<Client> {
  const transport = transports.find((each) => each.name === name)!.make();
  const info = (await transport.list()).find(({ serialNumber = device }) => serialNumber === device);
  if (!info) throw new Error(`${device} is not listed`);
  const channel = await transport.open(info, { onData: () => {}, onClose: () => {} });
  await channel.close();
  return await connect({ transport, device, timeoutMs: 30_000 });
}
