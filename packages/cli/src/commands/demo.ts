import { Emulator } from '@bluetap/emulator';
import { type PayCommand, ResultCode, TinyCommand } from '@bluetap/sdk';
import { Command } from 'commander';
import { addRecordOptions, type RecordArguments, recorded } from '../devices/record.js';
import { paint } from '../devices/report.js';
import { noteLongExpiry, type PayFields, readPay, refuseBroken } from '../input/fields.js';
import { amountOption, expiryTimeOption, orderIdOption, paymentMethodOption } from '../input/options.js';
import { print, styles } from '../output/output.js';
import { padded, text } from '../output/text.js';
import { ExitCode, exitCodeOf } from '../process/exit-code.js';

/** The payment methods of the vendor's sample. "Test" is not a payment method and must be refused. */
const SAMPLE = ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_PLUS', 'Test'] as const;

export function demoCommand(): Command {
  const command = new Command('demo')
    .summary("send the commands of the vendor's sample to an emulated device")
    .description(
      "Start an emulated device in this process and send it the four commands of the vendor's sample, or the one command that the options describe. Show each ResultCode, the payment link that a phone would read, and the time that each command took.",
    )
    .addOption(paymentMethodOption())
    .addOption(amountOption())
    .addOption(orderIdOption())
    .addOption(expiryTimeOption());
  return addRecordOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  bluetap demo\n  bluetap demo --payment-method ALIPAY_CN --amount 120.00 --order-id A1',
    )
    .action(async ({ record, recordUnredacted, ...typed }: PayFields & RecordArguments) => {
      const recording = { ...(record !== undefined && { record }), ...(recordUnredacted && { recordUnredacted }) };
      if (Object.keys(typed).length > 0) {
        const { command, broken } = readPay(typed);
        refuseBroken(broken);
        noteLongExpiry(command);
        const [code] = await show([command], recording);
        process.exitCode = exitCodeOf(code!);
        return;
      }
      const codes = await show(
        SAMPLE.map((paymentMethod) => ({ paymentMethod }) as PayCommand),
        recording,
      );
      const expected = SAMPLE.map((method) => (method === 'Test' ? ResultCode.PARAM_ILLEGAL : ResultCode.SUCCESS));
      const fine = expected.every((code, at) => code === codes[at]);
      const verdict = fine
        ? 'All as expected: "Test" is no payment method, so nothing of it was sent.'
        : 'Not as expected!';
      print(text`\n${verdict}`);
      process.exitCode = fine ? ExitCode.OK : ExitCode.FAILED;
    });
}

async function show(commands: readonly PayCommand[], recording: RecordArguments): Promise<ResultCode[]> {
  const emulator = new Emulator();
  const named = { transport: emulator.transport(), close: () => emulator.close() };
  const { transport, client, close } = recorded(named, recording);
  const device = new TinyCommand({ transport, ...client });
  try {
    return await send(commands, device, emulator);
  } finally {
    await device.close();
    await close();
  }
}

async function send(commands: readonly PayCommand[], device: TinyCommand, emulator: Emulator): Promise<ResultCode[]> {
  const { bold, yellow, dim } = styles();
  const { serialNumber } = await device.client.info();
  print(
    text`The device ${serialNumber} is ${bold(yellow('SIMULATED'))}. SUCCESS means that it shows the payment link, never that anyone has paid.\n`,
  );
  print(
    bold(
      `${'PayCommand'.padEnd(12)} ${'ResultCode'.padEnd(19)} ${'time'.padStart(8)}  payment link that a phone reads`,
    ),
  );
  const codes: ResultCode[] = [];
  for (const command of commands) {
    const start = performance.now();
    const { code, error } = await device.sendPayCommandWithResult(command);
    const took = `${(performance.now() - start).toFixed(2)} ms`;
    const link = code === ResultCode.SUCCESS ? `${emulator.tap()?.uri}` : dim(`none: ${error.message}`);
    const method = padded(command.paymentMethod, 12);
    print(text`${method} ${padded(paint(code), 19)} ${padded(took, 8, 'left')}  ${link}`);
    codes.push(code);
  }
  return codes;
}
