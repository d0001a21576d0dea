import { Emulator } from '@bluetap/emulator';
import { PaymentMethod, ResultCode, TinyCommand } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';

// What each code means for a POS. None but the first three settles the matter by itself.
const meaning: Record<ResultCode, string> = {
  SUCCESS: 'the device shows the payment link; wait for the acquirer to say that it is paid, or cancel',
  PARAM_ILLEGAL: 'a field breaks its rule, and nothing was sent: a mistake in the POS',
  PROCESS_FAIL: 'it was not executed: the cashier may try again',
  DEVICE_DISCONNECTED: 'no device; read the outcome: only "not-sent" means that the cashier may try again',
  UNKNOWN_EXCEPTION: 'in doubt: do not send it again, ask for the status or cancel',
};

async function main(): Promise<void> {
  // A device in another process if BLUETAP_TRANSPORT names one (tcp://HOST:PORT or unix:PATH), otherwise one in this process.
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
  console.log('Please tap your phone.'); // the payment link is shown; whether it is paid, your acquirer knows
  console.log(`${code} means: ${meaning[code]}.`);

  // The shopper has changed their mind.
  const cancelled = await device.sendCancelCommandWithResult({ orderId: order.orderId });
  console.log(`cancel: ${cancelled.code}`);
  // The payment link may still be live then.
  if (cancelled.code !== ResultCode.SUCCESS) process.exitCode = 1;
  if ((cancelled.taps ?? 0) > 0)
    console.log('A phone had read the payment link before: ask the acquirer whether it was paid.');
}

// The calls above never throw; an address that cannot be read does.
await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
