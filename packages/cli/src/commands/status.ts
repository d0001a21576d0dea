import { type DeviceIdentity, type PaymentLinkStatus, ResultCode } from '@bluetap/sdk';
import { Command } from 'commander';
import { addSessionOptions, type SessionOptions, withClient } from '../devices/client-session.js';
import { describeDevice, describeTaps, reportFailure } from '../devices/report.js';
import { hardware as attached, type Hardware } from '../devices/transport.js';
import { print, printJson, seconds } from '../output/output.js';
import { table } from '../output/table.js';
import type { Piece, Text } from '../output/text.js';

export function statusCommand(hardware: Hardware = attached): Command {
  const command = new Command('status')
    .summary('ask what the device shows now')
    .description('Ask what the device shows now.');
  return addSessionOptions(command)
    .addHelpText('after', '\nExample:\n  bluetap status --transport tcp://127.0.0.1:4000')
    .action(async (typed: SessionOptions) => {
      await withClient(typed, hardware, async ({ client, signal, device, advice }) => {
        try {
          const status = await client.status({ signal });
          if (typed.json) printJson({ code: ResultCode.SUCCESS, ...status, device: device() });
          else print(describe(status, device()));
        } catch (error) {
          reportFailure(error, { json: typed.json, help: advice() });
        }
      });
    });
}

const STATES = {
  idle: 'idle: no payment link since the device started',
  ready: 'ready: the payment link is live, a phone can read it',
  expired: 'expired: the payment link ended by itself',
  cancelled: 'cancelled: the payment link was ended by a host',
};

function describe({ state, remaining, taps, ...link }: PaymentLinkStatus, device: DeviceIdentity | undefined): Text {
  const rows: [string, Piece | undefined][] = [
    ['state', STATES[state]],
    ['method', link.paymentMethod],
    ['amount', link.amount],
    ['order id', link.orderId],
    ['remaining', remaining === undefined ? undefined : seconds(remaining)],
    ['taps', describeTaps(taps, state)],
    ['device', device && describeDevice(device)],
  ];
  return table(rows.filter((row): row is [string, Piece] => row[1] !== undefined));
}
