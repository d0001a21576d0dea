import { Emulator } from '@bluetap/emulator';
import { PaymentMethod, ResultCode, TinyCommand } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';

// The meaning of each code for a POS. Only the first three codes are enough for a decision.
const meaning: Record<ResultCode, string> = {
  SUCCESS: 'the device shows the payment link: wait until the acquirer says that it is paid, or cancel',
  PARAM_ILLEGAL: 'a field breaks its rule, and nothing was sent: correct the POS program',
  PROCESS_FAIL: 'the command was not executed: the cashier may try again',
  DEVICE_DISCONNECTED: 'no device answers: the cashier may try again only if the outcome is "not-sent"',
  UNKNOWN_EXCEPTION: 'the command is in doubt: do not send it again, but ask for the status or cancel',
};

async function main(): Promise<void> {
  // BLUETAP_TRANSPORT can contain the address of a device in another process (tcp://HOST:PORT or unix:PATH). Without
  // it, this program uses an emulated device in its own process.
  const address = process.env['BLUETAP_TRANSPORT'];
  await using emulator = new Emulator();
  await using device = new TinyCommand({ transport: address ? socket(address) : emulator.transport() });

  const order = { paymentMethod: PaymentMethod.TRUEMONEY, amount: '120.00', orderId: 'POS1-0042' };
  const { code, outcome, linkLive, error } = await device.sendPayCommandWithResult(order);

  if (code !== ResultCode.SUCCESS) {
    console.error(`${code}: the command was ${outcome}, its payment link may be live: ${linkLive}. ${error.message}`);
    console.error(`${code} means: ${meaning[code]}.`);
    process.exitCode = 1;
    return;
  }
  console.log('Please tap your phone.'); // the payment link is shown; only your acquirer knows whether it is paid
  console.log(`${code} means: ${meaning[code]}.`);

  // The shopper does not want to pay any more.
  const cancelled = await device.sendCancelCommandWithResult({ orderId: order.orderId });
  console.log(`cancel: ${cancelled.code}`);
  // If the cancel failed, the payment link may still be live.
  if (cancelled.code !== ResultCode.SUCCESS) process.exitCode = 1;
  if ((cancelled.taps ?? 0) > 0)
    console.log('A phone had read the payment link before the cancel: ask the acquirer whether it was paid.');
}

// The calls above never throw. `socket` throws if the address has a wrong form.
await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
