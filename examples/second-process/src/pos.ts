import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Attempt, connect, PaymentMethod, ResultCode } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';

// Where this POS remembers a command whose end it has not seen. Beside it a real one has its orders.
const journal = process.env['JOURNAL'] ?? 'attempt.json';

async function main(): Promise<void> {
  await using client = await connect({ transport: socket(process.env['BLUETAP_TRANSPORT'] ?? 'tcp://127.0.0.1:4000') });

  if (existsSync(journal)) {
    // An earlier run ended between sending a command and booking its result. Sending it again could charge twice: ask.
    const attempt: Attempt = JSON.parse(readFileSync(journal, 'utf8'));
    const { outcome, linkLive, pending } = await client.outcomeOf(attempt);
    console.log(`After the restart: the ${attempt.command} was ${outcome}; its payment link may be live: ${linkLive}.`);
    if (pending) {
      // Another device has answered. Its payment link is not ours. Keep the attempt, and ask again when the first
      // device is back.
      console.error(`This is not the device of the attempt: connect ${attempt.serialNumber}.`);
      process.exitCode = 1;
      return;
    }
    rmSync(journal);
    const { code } = await client.cancel();
    console.log(`The shopper has gone: cancel ${code}`);
    // The payment link may still be live then.
    if (code !== ResultCode.SUCCESS) process.exitCode = 1;
    return;
  }

  const { code, remaining, outcome, pending, error } = await client.pay(
    { paymentMethod: PaymentMethod.ALIPAY_CN, amount: '120.00', orderId: 'POS1-0042' },
    // Called before the first byte leaves, and waited for.
    { onAttempt: (attempt) => writeFileSync(journal, JSON.stringify(attempt)) },
  );
  if (code === ResultCode.SUCCESS) {
    console.log(`${code}: the device shows the payment link for ${remaining} seconds.`);
  } else {
    console.error(`${code}, the command was ${outcome}: ${error?.message}`);
    process.exitCode = 1;
  }
  if (process.env['CRASH']) {
    console.log('The power goes off before the POS has booked it ...');
    process.kill(process.pid, 'SIGKILL');
  }
  // What is not sent was not written either. What is pending stays, for the next run to ask.
  if (!pending) rmSync(journal, { force: true });
}

// No device at all, for one.
await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
