import { Command } from 'commander';
import { addSessionOptions, type SessionOptions, withClient } from '../devices/client-session.js';
import { reportCommand } from '../devices/report.js';
import { hardware as attached, type Hardware } from '../devices/transport.js';
import { type CancelFields, readCancel, refuseBroken } from '../input/fields.js';
import { orderIdOption } from '../input/options.js';

export function cancelCommand(hardware: Hardware = attached): Command {
  const command = new Command('cancel')
    .summary('ask the device to end its payment link')
    .description('Ask the device to end its payment link. SUCCESS means that no such payment link is live now.')
    .addOption(orderIdOption('only the payment link of this order'));
  return addSessionOptions(command)
    .addHelpText('after', '\nExample:\n  bluetap cancel --transport tcp://127.0.0.1:4000 --order-id POS1-0042')
    .action(async (typed: CancelFields & SessionOptions) => {
      const { command, broken } = readCancel(typed);
      refuseBroken(broken);
      await withClient(typed, hardware, async ({ client, signal, device, advice }) => {
        const result = await client.cancel(command, { signal });
        reportCommand('CANCEL', result, { device: device(), json: typed.json, help: advice() });
      });
    });
}
