import { Command } from 'commander';
import { addSessionOptions, type SessionOptions, withClient } from '../devices/client-session.js';
import { reportCommand } from '../devices/report.js';
import { hardware as attached, type Hardware } from '../devices/transport.js';
import { noteLongExpiry, type PayFields, readPay, refuseBroken } from '../input/fields.js';
import { amountOption, expiryTimeOption, orderIdOption, paymentMethodOption } from '../input/options.js';

export function payCommand(hardware: Hardware = attached): Command {
  const command = new Command('pay')
    .summary('ask the device to show the payment link of a PayCommand')
    .description(
      'Ask the device to show the payment link of a PayCommand. SUCCESS means that the device shows the payment link. It never means that the shopper has paid.',
    )
    .addOption(paymentMethodOption())
    .addOption(amountOption())
    .addOption(orderIdOption())
    .addOption(expiryTimeOption());
  return addSessionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  bluetap pay --transport emulator --payment-method TRUEMONEY
  bluetap pay --transport tcp://127.0.0.1:4000 --payment-method ALIPAY_CN \\
    --amount 120.00 --order-id POS1-0042 --json

The first Ctrl-C ends the call and prints what is known about the command. The
second Ctrl-C ends the program immediately.`,
    )
    .action(async (typed: PayFields & SessionOptions) => {
      const { command, broken } = readPay(typed);
      refuseBroken(broken);
      noteLongExpiry(command);
      await withClient(typed, hardware, async ({ client, signal, device, advice }) => {
        const result = await client.pay(command, { signal });
        reportCommand('PAY', result, { device: device(), json: typed.json, help: advice() });
      });
    });
}
