import { Emulator, type EmulatorOptions } from '@bluetap/emulator';
import { Command, Option } from 'commander';
import { runChild } from '../emulate/child.js';
import { type OpenDoor, openDoors, type WantedDoor } from '../emulate/doors.js';
import { jsonLog, OrderlyLog, textLog } from '../emulate/log.js';
import { ExitCode, Failure } from '../exit-code.js';
import { valueOption } from '../options.js';
import { note } from '../output.js';
import { onStop } from '../stop-signals.js';

type EmulateOptions = Pick<EmulatorOptions, 'serialNumber' | 'model' | 'firmware' | 'linkTemplate'> & {
  readonly json?: true;
};

export function emulateCommand(): Command {
  const doors: WantedDoor[] = [];
  return new Command('emulate')
    .summary('be an emulated device, and show what it does')
    .description(
      'Be an emulated device until stopped, and show its face and each message. Amounts and order ids are shown too: it is the display of the device. With COMMAND, run that instead, and stop when it ends.',
    )
    .usage('[options] [-- COMMAND [ARGUMENT...]]')
    .argument('[command...]', 'a program to run with the address of the device in BLUETAP_TRANSPORT')
    .addOption(
      doorOption(
        '--tcp <host:port>',
        'listen on TCP; port 0 for any, and 127.0.0.1 where no host is named (repeatable)',
        (tcp) => doors.push({ tcp }),
      ),
    )
    .addOption(doorOption('--unix <path>', 'listen on a unix socket (repeatable)', (unix) => doors.push({ unix })))
    .addOption(
      doorOption('--pty', 'open a pseudo-terminal, a serial port for other programs (repeatable)', () =>
        doors.push({ pty: true }),
      ).preset(true),
    )
    .addOption(valueOption('--serial-number <text>', '1 to 32 printable ASCII characters (default: EMU-0001)'))
    .addOption(valueOption('--model <text>', '1 to 16 printable ASCII characters (default: BT-EMU)'))
    .addOption(valueOption('--firmware <text>', '1 to 16 printable ASCII characters (default: 1.0.0)'))
    .addOption(
      valueOption(
        '--link-template <uri>',
        'the link that a phone reads, with {paymentMethod}, {amount}, {orderId}, {expiryTime} and {serialNumber}',
      ),
    )
    .option('--json', 'print one JSON object per line; the first is {"event":"ready",...} with every address')
    .addHelpText(
      'after',
      `
Examples:
  bluetap emulate --tcp 127.0.0.1:4000
  bluetap emulate --unix /tmp/bluetap.sock --json
  bluetap emulate --tcp 127.0.0.1:0 -- npm test

The first line of --json holds event "ready", pid, simulated, serialNumber, the
addresses in the order given, the first of each kind as tcp, unix and pty, and
face. The others tell what happens: connected, disconnected, message, frame,
dropped, state and tap, each with its time.

Ctrl-C or SIGTERM ends it with exit code 0. With COMMAND these are passed on to
it, what the device shows goes to stderr, and the exit code is that of COMMAND:
128 plus the signal's number when a signal ended it, 127 when there is no such
command, 126 when it cannot be run.`,
    )
    .action(async (program: string[], typed: EmulateOptions, command: Command) => {
      // Commander has taken the "--" away, and without one it was a stray argument.
      const { rawArgs } = command.parent as unknown as { rawArgs: string[] };
      if (program.length > 0 && !rawArgs.includes('--')) {
        throw usage(`"${program[0]}" is not expected here; a COMMAND to run stands after "--".`);
      }
      if (program.length === 0 && rawArgs.includes('--')) throw usage('The COMMAND after "--" is missing.');
      if (doors.length === 0) throw usage('Say where hosts find the device: --tcp HOST:PORT, --unix PATH or --pty.');
      await emulate(typed, doors, program);
    });
}

function doorOption(flags: string, description: string, add: (value: string) => void): Option {
  return new Option(flags, description).argParser((value) => add(value));
}

function usage(text: string): Failure {
  return new Failure(ExitCode.USAGE, `${text}\nTry: bluetap emulate --help`);
}

async function emulate(
  { json, ...identity }: EmulateOptions,
  doors: readonly WantedDoor[],
  [command, ...args]: readonly string[],
): Promise<void> {
  // The output of the program must stay clean.
  const stream = command === undefined ? process.stdout : process.stderr;
  const log = new OrderlyLog(json ? jsonLog(stream) : textLog(stream));
  const emulator = createEmulator({ ...identity, onEvent: (event) => log.event(event) });
  const end = command === undefined ? untilStopped() : undefined;
  const open = async () => {
    const opened = await openDoors(emulator, doors, (message) => {
      if (log.ended) return;
      note(`bluetap: ${message}`);
      end?.fail();
    });
    log.ready(emulator.face, opened);
    return opened;
  };
  try {
    if (end) {
      await Promise.race([open(), end.reached]);
      await end.reached;
    } else {
      const [first] = await open();
      process.exitCode = await runChild(command!, args, transportOf(first!));
    }
  } finally {
    // What closing does to the device is nobody's news.
    log.end();
    await emulator.close();
    end?.forget();
  }
}

/** The end of a device that runs until stopped: a signal, nobody who reads what it shows (`| head`), or a lost door. */
function untilStopped() {
  let stop = () => {};
  const reached = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ignoreSignals = onStop(() => stop());
  process.stdout.once('error', stop);
  return {
    reached,
    fail: () => {
      process.exitCode = ExitCode.FAILED;
      stop();
    },
    forget: () => {
      ignoreSignals();
      process.stdout.off('error', stop);
    },
  };
}

function createEmulator(options: EmulatorOptions): Emulator {
  try {
    return new Emulator(options);
  } catch (cause) {
    throw new Failure(ExitCode.PARAM_ILLEGAL, (cause as Error).message, { cause });
  }
}

function transportOf({ kind, address }: OpenDoor): string {
  return kind === 'pty' ? `serial:${address}` : address;
}
