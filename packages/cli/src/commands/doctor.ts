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
    .summary('tell what works here, and what to do about the rest')
    .description('Tell what works on this machine, and what to do about the rest. Opens no device.')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
For each device that is attached it tells whether it can be opened, or why not
and the step that helps: no device node (a container), no udev rule, a group, a
login that is older than the group, another program that holds it.

The exit code is 1 when no device can be used: every transport fails, or devices
are attached and none of them can be opened. It is 0 otherwise, also when no
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
