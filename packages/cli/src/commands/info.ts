import { ResultCode } from '@bluetap/sdk';
import { Command } from 'commander';
import { addSessionOptions, type SessionOptions, withClient } from '../devices/client-session.js';
import { describeDevice, reportFailure } from '../devices/report.js';
import { hardware as attached, type Hardware } from '../devices/transport.js';
import { print, printJson } from '../output/output.js';
import { table } from '../output/table.js';

export function infoCommand(hardware: Hardware = attached): Command {
  const command = new Command('info')
    .summary('ask for the model and serial number of the device')
    .description('Ask for the model, the firmware and the serial number of the device.');
  return addSessionOptions(command)
    .addHelpText('after', '\nExample:\n  bluetap info --transport unix:/tmp/bluetap.sock')
    .action(async (typed: SessionOptions) => {
      await withClient(typed, hardware, async ({ client, signal, advice }) => {
        try {
          const device = await client.info({ signal });
          if (typed.json) {
            printJson({ code: ResultCode.SUCCESS, device });
            return;
          }
          const { id, bootId } = device;
          print(
            table([
              ['device', describeDevice(device)],
              ['id', id],
              ['boot id', `0x${bootId.toString(16).padStart(8, '0')}`],
            ]),
          );
        } catch (error) {
          reportFailure(error, { json: typed.json, help: advice() });
        }
      });
    });
}
