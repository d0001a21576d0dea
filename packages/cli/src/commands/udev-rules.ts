import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';
import { Command } from 'commander';
import { ExitCode, Failure } from '../exit-code.js';
import { valueOption } from '../options.js';
import { print } from '../output.js';
import { lines } from '../text.js';

export const RULES_FILE = '70-bluetap.rules';
const hex = (id: number): string => id.toString(16).padStart(4, '0');

/** The text of the rules file. Its number makes it come before the rules that give `uaccess` its meaning. */
export function udevRules(group: string): string {
  const ids = (attribute: string): string =>
    `${attribute}{idVendor}=="${hex(USB_VENDOR_ID)}", ${attribute}{idProduct}=="${hex(USB_PRODUCT_ID)}"`;
  const grant = `MODE="0660", GROUP="${group}", TAG+="uaccess"`;
  return `# BlueTap: lets the group ${group}, and whoever sits at the screen, open the device.
# Install:  bluetap udev-rules | sudo tee /etc/udev/rules.d/${RULES_FILE}
#           sudo udevadm control --reload && sudo udevadm trigger --action=add
# or plug the device in again after the reload.
KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ${ids('ATTRS')}, ${grant}
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${ids('ATTR')}, ${grant}
SUBSYSTEM=="tty", KERNEL=="ttyACM*", ${ids('ATTRS')}, ${grant}`;
}

export function udevRulesCommand(): Command {
  return new Command('udev-rules')
    .summary('print the udev rules that let a user open the device (Linux)')
    .description('Print the udev rules that let a user open the device on Linux.')
    .addOption(valueOption('--group <name>', 'the group that may open it (default: plugdev)'))
    .addHelpText(
      'after',
      `
The output is the file, and nothing else. Example:
  bluetap udev-rules | sudo tee /etc/udev/rules.d/${RULES_FILE}
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
