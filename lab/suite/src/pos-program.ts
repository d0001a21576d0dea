// A POS in a separate process, which can belong to an ordinary user. It pays for each line
// {"transport","device","orderId"} on stdin, and prints the result. An open channel stays open until stdin ends.
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

/**
 * Opens the device once without the SDK to get the error of the transport, because the SDK would try again and again.
 * Then connects with the SDK.
 */
async function open(name: string, device: string): Promise<Client> {
  const transport = transports.find((each) => each.name === name)!.make();
  const info = (await transport.list()).find(({ serialNumber = device }) => serialNumber === device);
  if (!info) throw new Error(`${device} is not listed`);
  const channel = await transport.open(info, { onData: () => {}, onClose: () => {} });
  await channel.close();
  return await connect({ transport, device, timeoutMs: 30_000 });
}
