import {
  type CaseResult,
  type ConformanceReport,
  deviceCases,
  exitCodeOfReport,
  hostCases,
  judgeDevice,
  judgeHost,
  type RuleId,
} from '@bluetap/conformance';
import { Command, Option } from 'commander';
import { askingHook } from '../conformance/ask.js';
import { declarationOf } from '../conformance/declaration.js';
import { shellHook } from '../conformance/hook.js';
import { ReportFiles } from '../conformance/report-files.js';
import { CaseLines, named, summary } from '../conformance/text.js';
import { checkTyped, readOnly, type TypedConformance } from '../conformance/typed.js';
import { LastFailures } from '../devices/last-failures.js';
import {
  hardware as attached,
  type Hardware,
  TRANSPORT_VARIABLE,
  TRANSPORTS,
  transportFor,
} from '../devices/transport.js';
import { checkProgram } from '../input/command-line.js';
import { valueOption } from '../input/options.js';
import { note, print, printJson } from '../output/output.js';
import { text } from '../output/text.js';
import { ExitCode } from '../process/exit-code.js';
import { onStop } from '../process/stop-signals.js';

const HELP = `
Each case proves rules of docs/protocol.md. Its verdict is "proven", "failed" or
"not applicable". Nothing that was not shown counts as proven. The run sends
PayCommands, and ends with a CANCEL. Do not let a shopper use the device.

--hook runs COMMAND in the shell with one more argument: tap, fault, repair or
power-cycle. Exit code 0 means that this was done. COMMAND has 30 seconds, and
the environment of bluetap. For tap it may print the NDEF message that a phone
has read, in hex, or "none" if a phone can read nothing. The hook for an
emulated device is "bluetap device".

--declare says what the device has. Every member is optional:
  {"functions":["hid","bulk","cdc"],"noticesClosing":true,"taps":"read",
   "nfcFaultSwitch":true,"resetMs":10000}

--host is an emulated device. It starts COMMAND once for each situation, with
BLUETAP_TRANSPORT set, and adds arguments as bluetap takes them:
  pay --json --payment-method TRUEMONEY --order-id A1 --timeout 5000
The last line of stdout can be the result, with the names of "bluetap pay
--json". Without a result, COMMAND is judged by what it sends.

A report file is replaced. It is also written if the run ends early.

Exit codes:
  0   Every rule that is applicable holds.
  1   A rule does not hold.
  3   There is no device, another host has used it, or the run was stopped.
  64  An option, an argument or a file is wrong. Nothing was sent.

Examples:
  bluetap conformance --transport hid
  bluetap conformance --transport serial:/dev/ttyACM0 --ask --junit report.xml
  bluetap emulate --tcp 0 --control -- \\
    bluetap conformance --hook 'bluetap device'
  bluetap conformance --host -- bluetap
  bluetap conformance --list --only R-38`;

export function conformanceCommand(hardware: Hardware = attached): Command {
  return new Command('conformance')
    .summary('say which rules of the protocol a device, or a host, keeps')
    .description(
      'Say which rules of docs/protocol.md a device keeps. With --host, be the device, and say which rules a host keeps.',
    )
    .usage('[options] [-- COMMAND [ARGUMENT...]]')
    .argument('[command...]', 'with --host: the host, as a program and its arguments')
    .addOption(valueOption('--transport <transport>', `${TRANSPORTS} (default: $${TRANSPORT_VARIABLE}, or auto)`))
    .addOption(valueOption('--device <id>', 'which device: its serial number, or its id at the transport'))
    .addOption(
      valueOption('--second <transport>', 'another connection to the same device, for the rules about two hosts'),
    )
    .addOption(valueOption('--declare <file>', 'what the device has, as JSON'))
    .addOption(valueOption('--hook <command>', 'run this to tap a phone, to break NFC, or to restart the device'))
    .option('--ask', 'ask the person at the terminal to do that')
    .option('--exhaustive', 'also run the cases that take minutes')
    .option('--host', 'judge a host: COMMAND')
    .option('--lines', 'with --host: COMMAND reads one JSON command per line, and stays for all of them')
    .addOption(
      new Option('--only <rule>', 'only the cases of this rule, for example R-38 (repeatable)').argParser(
        (rule: string, earlier: readonly string[] = []) => [...earlier, rule],
      ),
    )
    .option('--list', 'list the cases with their rules, and do nothing')
    .addOption(valueOption('--json [file]', 'write the report as JSON; without FILE to stdout, instead of text'))
    .addOption(valueOption('--junit <file>', 'write the report as JUnit XML, for a CI server'))
    .addHelpText('after', HELP)
    .action(async (program: string[], typed: TypedConformance, command: Command) => {
      checkProgram(program, command);
      checkTyped(typed, program);
      const cases = typed.host ? hostCases(typed.lines === true) : deviceCases();
      const only = readOnly(typed, cases);
      if (typed.list) {
        const wanted = only ? cases.filter(({ rules }) => rules.some((rule) => only.includes(rule))) : cases;
        for (const each of wanted) typed.json ? printJson(each) : print(named(each));
        return;
      }
      const run = typed.host ? hostRun(program, typed, only) : deviceRun(typed, only, hardware);
      await judge(run, typed);
    });
}

/** Judges a device or a host. */
type Run = (parts: {
  readonly signal: AbortSignal;
  readonly onCase: (result: CaseResult) => void;
}) => Promise<ConformanceReport>;

function hostRun(command: readonly string[], { lines }: TypedConformance, only: readonly RuleId[] | undefined): Run {
  return (parts) => {
    // The cases of a host end together, because what one case shows can change the verdict of another.
    if (process.stderr.isTTY) note('Starting the host once for each situation. All of them take a few minutes ...');
    return judgeHost({ command, lines, only, ...parts });
  };
}

/** @throws Failure (exit code 64) for an option that is wrong. Then no device was opened. */
function deviceRun(typed: TypedConformance, only: readonly RuleId[] | undefined, hardware: Hardware): Run {
  const { device, declare, hook, ask, exhaustive } = typed;
  const declaration = declare === undefined ? undefined : declarationOf(declare);
  const failures = new LastFailures();
  const naming = { hardware, wrap: failures.of.bind(failures) };
  const first = transportFor(typed.transport, naming);
  const second = typed.second === undefined ? undefined : transportFor(typed.second, { ...naming, option: '--second' });
  const told = hook === undefined ? undefined : shellHook(hook, (line) => note(`hook: ${line}`));
  return async (parts) => {
    try {
      const report = await judgeDevice({
        transport: first.transport,
        second: second?.transport,
        device,
        declaration,
        hook: ask ? askingHook() : told,
        only,
        exhaustive,
        ...parts,
      });
      if (report.ending === 'no-device' && failures.advice) note(failures.advice);
      return report;
    } finally {
      await first.close();
      await second?.close();
    }
  };
}

/** Runs it, tells each case, and keeps the report. Sets the exit code. */
async function judge(run: Run, { json, junit }: TypedConformance): Promise<void> {
  const quiet = json === true;
  const files = new ReportFiles({ json: quiet ? undefined : json, junit });
  const stop = new AbortController();
  const ignoreSignals = onStop((signal) => stop.abort(new Error(`Stopped by ${signal}.`)));
  try {
    const told = new CaseLines(print);
    const onCase = (result: CaseResult) => {
      if (!quiet) told.add(result);
    };
    const report = await run({ signal: stop.signal, onCase });
    told.end();
    if (quiet) printJson(report);
    else print(text`\n${summary(report)}`);
    const kept = files.write(report);
    const code = exitCodeOfReport(report);
    process.exitCode = code === ExitCode.OK && !kept ? ExitCode.FAILED : code;
  } finally {
    ignoreSignals();
  }
}
