// A host that is made with the SDK. It takes one call a line from its stdin, and prints one result a line.
import { connect as connectSocket } from 'node:net';
import { createInterface } from 'node:readline';
import { BlueTapError, Client } from '@bluetap/sdk';
import { TransportError } from '@bluetap/transport';

const address = new URL(process.env['BLUETAP_TRANSPORT'] ?? '');

/** @type {import('@bluetap/transport').Transport} */
const transport = {
  name: address.href,
  list: async () => [{ id: address.href, interface: 'TCP' }],
  open: (_, { onData, onClose }) =>
    new Promise((resolve, reject) => {
      const socket = connectSocket({ host: address.hostname, port: Number(address.port), noDelay: true });
      let open = false;
      socket.on('error', () => {});
      socket.on('data', (bytes) => onData(bytes));
      socket.once('close', () => {
        if (open) onClose(new TransportError('disconnected', 'the socket was closed'));
        else reject(new TransportError('not-found', 'nothing listens there'));
      });
      socket.once('connect', () => {
        open = true;
        resolve({
          write: async (bytes) => {
            if (socket.destroyed) throw new TransportError('disconnected', 'the socket was closed');
            socket.write(bytes);
          },
          close: async () => void socket.destroy(),
        });
      });
    }),
};

const client = new Client({ transport });
/** @type {import('@bluetap/sdk').Attempt | undefined} */
let attempt;

/** @param {any} call */
async function answer({ do: verb, timeoutMs, ...fields }) {
  const options = { timeoutMs };
  if (verb === 'status') return { code: 'SUCCESS', ...(await client.status(options)) };
  if (verb === 'outcome') {
    if (!attempt) throw new BlueTapError('PROCESS_FAIL', 'there is no command in doubt');
    return client.outcomeOf(attempt, options);
  }
  const result = verb === 'pay' ? await client.pay(fields, options) : await client.cancel(fields, options);
  ({ attempt } = result);
  return result;
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line)).catch(({ code = 'PROCESS_FAIL', message }) => ({
    code,
    error: { message },
  }));
  console.log(JSON.stringify(result));
}
await client.close();
