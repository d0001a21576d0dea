import { Command } from 'commander';
import { listAll } from '../devices/listing.js';
import { hardware as attached, type Hardware, PATIENT_MS } from '../devices/transport.js';
import { examine } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';
import { print, printJson, styles } from '../output/output.js';
import { lines, padded, type Text, text } from '../output/text.js';
import { ExitCode } from '../process/exit-code.js';

export function doctorCommand(hardware: Hardware = attached): Command {
  return new Command('doctor')
    .summary('check what works on this machine, and say what to do')
    .description('Check what works on this machine, and say what to do about the rest. It opens no device.')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
For each attached device it says whether this user can open it. If not, it says
why and what to do: there is no device node (in a container), there is no udev
rule, the user is not in the group, the login is older than the group
membership, or another program holds the device.

The exit code is 1 if no device can be used: every transport fails, or devices
are attached and none of them can be opened. Otherwise it is 0, also if no
device is attached.

Example:
  bluetap doctor`,
    )
    .action(async ({ json }: { json?: true }) => {
      const { findings, usable } = examine(await listAll(hardware(PATIENT_MS)));
      if (!usable) process.exitCode = ExitCode.FAILED;
      if (json) printJson({ findings });
      else print(findingsText(findings));
    });
}

function findingsText(findings: readonly Finding[]): Text {
  const { green, yellow, red, dim } = styles();
  const signs = { ok: green('ok  '), note: yellow('note'), bad: red('BAD ') };
  const width = Math.max(...findings.map(({ what }) => what.length));
  const shown = findings.flatMap(({ verdict, what, found, advice }) => [
    text`${signs[verdict]}  ${padded(what, width)}  ${found}`,
    ...(advice ? [text`      ${padded('', width)}  ${dim(advice)}`] : []),
  ]);
  return lines(shown);
}
