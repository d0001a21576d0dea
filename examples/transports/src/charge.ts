import { type ClientOptions, PaymentMethod, ResultCode, TinyCommand } from '@bluetap/sdk';

/** Shows a payment link and cancels it, over any transport. */
export async function charge(transport: ClientOptions['transport']): Promise<void> {
  await using pos = new TinyCommand({
    transport,
    // If several devices are attached, this is the serial number of the device of this POS. It is never a path.
    device: process.env['BLUETAP_DEVICE'],
    timeoutMs: 3000,
  });
  const order = { paymentMethod: PaymentMethod.TRUEMONEY, amount: '120.00', orderId: 'POS1-0042' };
  const { code, outcome, error } = await pos.sendPayCommandWithResult(order);
  if (code !== ResultCode.SUCCESS) {
    console.error(`${code}, the command was ${outcome}: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${code} over ${transport.name}: please tap your phone.`);
  const cancelled = await pos.sendCancelCommand({ orderId: order.orderId });
  console.log(`cancel: ${cancelled}`);
  // If the cancel failed, the payment link may still be live.
  if (cancelled !== ResultCode.SUCCESS) process.exitCode = 1;
}
