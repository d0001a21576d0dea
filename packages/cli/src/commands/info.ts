import { ResultCode } from '@bluetap/sdk';
import { Command } from 'commander';
import { addSessionOptions, type SessionOptions, withClient } from '../client-session.js';
import { print, table } from '../output.js';
import { describeDevice, reportFailure } from '../report.js';

export function infoCommand(): Command {
  const command = new Command('info').summary('ask who the device is').description('Ask who the device is.');
  return addSessionOptions(command)
    .addHelpText('after', '\nExample:\n  bluetap info --transport unix:/tmp/bluetap.sock')
    .action(async (typed: SessionOptions) => {
      await withClient(typed, async ({ client, signal }) => {
        try {
          const device = await client.info({ signal });
          if (typed.json) {
            print(JSON.stringify({ code: ResultCode.SUCCESS, device }));
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
          reportFailure(error, typed.json);
        }
      });
    });
}
