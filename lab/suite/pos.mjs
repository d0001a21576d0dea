// A POS in a process of its own, perhaps of an ordinary user: for each line {"transport","device","orderId"} on stdin it
// pays, and tells how that went. A channel that was opened stays open until stdin ends.
import { createInterface } from 'node:readline';
import { connect } from '@bluetap/sdk';
import { transports } from './transports.mjs';

/** @type {Map<string, import('@bluetap/sdk').Client>} */
const clients = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const { transport: name, device, orderId } = JSON.parse(line);
  try {
    const client = clients.get(name) ?? (await open(name, device));
    clients.set(name, client);
    const { code, outcome, error } = await client.pay({ paymentMethod: 'TRUEMONEY', orderId });
    console.log(JSON.stringify({ code, outcome, message: error?.message }));
  } catch (error) {
    const { code, message } = /** @type {import('@bluetap/transport').TransportError} */ (error);
    console.log(JSON.stringify({ code, message }));
  }
}
for (const client of clients.values()) await client.close();

/** Opens it once without the SDK, which would try again and again, to learn what is wrong. @param {string} name @param {string} device */
async function open(name, device) {
  const transport = /** @type {(typeof transports)[number]} */ (transports.find((each) => each.name === name)).make();
  const info = (await transport.list()).find(({ serialNumber = device }) => serialNumber === device);
  if (!info) throw new Error(`${device} is not listed`);
  const link = await transport.open(info, { onData: () => {}, onClose: () => {} });
  await link.close();
  return await connect({ transport, device, timeoutMs: 30_000 });
}
