import { Command } from 'commander';
import { RULES_FILE, udevRules } from '../doctor/udev-rules.js';
import { valueOption } from '../input/options.js';
import { print } from '../output/output.js';
import { lines } from '../output/text.js';
import { ExitCode, Failure } from '../process/exit-code.js';

export function udevRulesCommand(): Command {
  return new Command('udev-rules')
    .summary('print the udev rules that let a user open the device (Linux)')
    .description(
      'Print the udev rules that let a user open the device on Linux. They also keep ModemManager from opening its serial port.',
    )
    .addOption(valueOption('--group <name>', 'the group that may open the device (default: plugdev)'))
    .addHelpText(
      'after',
      `
The output is the whole file. Example:
  bluetap udev-rules | sudo tee ${RULES_FILE}
  sudo udevadm control --reload
  sudo udevadm trigger --action=add`,
    )
    .action(({ group = 'plugdev' }: { group?: string }) => {
      if (!/^[a-z_][a-z0-9_-]*$/.test(group)) {
        throw new Failure(ExitCode.USAGE, `--group must be the name of a group, but is ${JSON.stringify(group)}.`);
      }
      print(lines(udevRules(group).split('\n')));
    });
}
