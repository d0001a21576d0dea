import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Attempt, connect, PaymentMethod, ResultCode } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';

// The file in which this POS stores a command until it knows the result. A real POS also stores its orders.
const journal = process.env['JOURNAL'] ?? 'attempt.json';

async function main(): Promise<void> {
  await using client = await connect({ transport: socket(process.env['BLUETAP_TRANSPORT'] ?? 'tcp://127.0.0.1:4000') });

  if (existsSync(journal)) {
    // An earlier run sent a command and ended before it booked the result. A second command could charge twice, so ask
    // the device for the outcome.
    const attempt: Attempt = JSON.parse(readFileSync(journal, 'utf8'));
    const { outcome, linkLive, pending } = await client.outcomeOf(attempt);
    console.log(`After the restart: the ${attempt.command} was ${outcome}; its payment link may be live: ${linkLive}.`);
    if (pending) {
      // Another device has answered, and its payment link belongs to another order. Keep the attempt, and ask again
      // when the first device is connected again.
      console.error(`This is not the device of the attempt: connect ${attempt.serialNumber}.`);
      process.exitCode = 1;
      return;
    }
    rmSync(journal);
    const { code } = await client.cancel();
    console.log(`The shopper has left. cancel: ${code}`);
    // If the cancel failed, the payment link may still be live.
    if (code !== ResultCode.SUCCESS) process.exitCode = 1;
    return;
  }

  const { code, remaining, outcome, pending, error } = await client.pay(
    { paymentMethod: PaymentMethod.ALIPAY_CN, amount: '120.00', orderId: 'POS1-0042' },
    // The client calls this before the first byte leaves, and waits for its end.
    { onAttempt: (attempt) => writeFileSync(journal, JSON.stringify(attempt)) },
  );
  if (code === ResultCode.SUCCESS) {
    console.log(`${code}: the device shows the payment link for ${remaining} seconds.`);
  } else {
    console.error(`${code}, the command was ${outcome}: ${error?.message}`);
    process.exitCode = 1;
  }
  if (process.env['CRASH']) {
    console.log('The power fails before the POS has booked the result ...');
    process.kill(process.pid, 'SIGKILL');
  }
  // A command that was not sent may have no file. The file of a pending command stays, so that the next run can ask.
  if (!pending) rmSync(journal, { force: true });
}

// For example, no device answers.
await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
