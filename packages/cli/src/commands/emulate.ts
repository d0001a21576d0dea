import { Emulator, type EmulatorEvent, type EmulatorOptions } from '@bluetap/emulator';
import { DeviceControl } from '@bluetap/emulator/commands';
import { printable } from '@bluetap/transport/kit';
import { Command, Option } from 'commander';
import { TRANSPORT_VARIABLE } from '../devices/transport.js';
import { runChild } from '../emulate/child.js';
import { CONTROL_ADDRESS, CONTROL_VARIABLE, Control, type WantedControl } from '../emulate/control.js';
import { type OpenListener, openListeners, type WantedListener } from '../emulate/listeners.js';
import { jsonLog, OrderlyLog } from '../emulate/log.js';
import { serialNumbers } from '../emulate/serial-numbers.js';
import { isPipe, MAX_LINE_BYTES, readStdin } from '../emulate/stdin.js';
import { textLog } from '../emulate/text-log.js';
import { KEYS_HELP, obeyKey, obeyLine } from '../emulate/typed-commands.js';
import { checkProgram } from '../input/command-line.js';
import { valueOption, wholeNumber } from '../input/options.js';
import { note } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { onStop } from '../process/stop-signals.js';

type Identity = Pick<EmulatorOptions, 'serialNumber' | 'model' | 'firmware' | 'linkTemplate'>;

type EmulateOptions = Identity &
  WantedControl & {
    readonly devices?: string;
    readonly json?: true;
  };

/** The default address of --usbip: the port that IANA assigned to USB/IP, on this machine only. */
const USBIP_ADDRESS = '127.0.0.1:3240';

/** After the program was stopped, a reader of stdout has this many milliseconds to read the rest. */
const UNREAD_MS = 1000;

/** A kernel has fewer virtual ports than this. */
const MAX_DEVICES = 64;

const HELP = `
Examples:
  bluetap emulate --tcp 127.0.0.1:4000
  bluetap emulate --unix /tmp/bluetap.sock --json
  bluetap emulate --tcp 127.0.0.1:0 -- npm test
  bluetap emulate --usbip --devices 2
  bluetap emulate --tcp 127.0.0.1:4000 --control 127.0.0.1:4100

--usbip makes each device a USB device of a real kernel, with HID, bulk and a
serial port. On Linux, load the module vhci_hcd and run the printed line as
root: usbip attach -r 127.0.0.1 -b 1-1. An unplug detaches the device. After a
plug it can be attached again.

--control serves a page that shows the device, and the same commands over HTTP
for programs in any language. Open the printed address in a browser. It contains
a token. A person or program with the token can steer the device. "bluetap
device" uses the same address.

--scenario does the steps of a file, one after the other. A step is a command as
on stdin, with "on" and "after". It waits for an event, then for a time in ms:
  {"after":2000,"do":"lose-replies","type":"PAY"}
  {"on":{"event":"repeat"},"after":500,"do":"tap"}

--triggers lets an order id decide what happens to its PAY. TRY-LOSE, or
TRY-LOSE- with more characters, loses the reply. The others are TRY-IGNORE,
TRY-LATE, TRY-DAMAGE, TRY-REFUSE, TRY-UNPLUG, TRY-RESTART, TRY-REBOOT, TRY-TAP
and TRY-EXPIRE.

With --json the first line is the event "ready". It has pid, simulated,
serialNumber, snapshot and the addresses in the order of the options. It also
has the first address of each kind as tcp, unix, pty and usbip. With --usbip it
has the devices, each with serialNumber, busid and attach. With --control it has
control, the address of the page. The other events are connected, disconnected,
message, frame, behaviour, repeat, session, dropped, state, tap, unplug, plug,
start and restore, each with its time and serialNumber. If events come faster
than they are read, some are left out, and "skipped" has their count.

With --json, emulate reads commands from stdin, one JSON object per line:
  {"do":"tap"}  {"do":"unplug","power":"lost"}  {"do":"lose-replies","times":1}
"bluetap device --help" lists every command. "serial" selects one device;
without it the command is for all devices. The answer is the event "done" with
"answers", one for each device, or "error" with a message. Both have the "id" of
the command. An error does not end the program. A line of more than
${MAX_LINE_BYTES} bytes is an error too. In a terminal without --json, type u, p, c or t and
press Enter.

Ctrl-C, SIGTERM and a closed terminal end the program with exit code 0. A closed
terminal sends SIGHUP, which is ignored under nohup. The end of stdin ends the
program too, if stdin is a pipe and its other end was open for some time: if the
program that started emulate ends, no emulated device is left. The end of a
file, of /dev/null or of a terminal ends nothing. A pipe that was at its end
from the start ends nothing either.

With COMMAND, emulate passes signals on to the command and prints the device's
messages to stderr. COMMAND has the stdin. Its exit code becomes the exit code:
128 plus the signal number if a signal ended it, 127 if there is no such
command, 126 if it cannot be run. BLUETAP_TRANSPORT is the first address that is
not of USB/IP. A program finds a USB device by itself. BLUETAP_CONTROL is the
address of --control.`;

export function emulateCommand(): Command {
  const listeners: WantedListener[] = [];
  const command = new Command('emulate')
    .summary('be an emulated device, and show what it does')
    .description(
      'Be an emulated device until it is stopped. Show its state and each message, with amounts and order ids, as the display of the device does. With COMMAND, run the command, and stop when the command ends.',
    )
    .usage('[options] [-- COMMAND [ARGUMENT...]]')
    .argument('[command...]', 'a program to run, with the address of the device in BLUETAP_TRANSPORT')
    .addOption(
      listenerOption(
        '--tcp <host:port>',
        'listen on TCP; port 0 means any port, and a port alone is on 127.0.0.1 (repeatable)',
        (tcp) => listeners.push({ tcp }),
      ),
    )
    .addOption(
      listenerOption('--unix <path>', 'listen on a unix socket (repeatable)', (unix) => listeners.push({ unix })),
    )
    .addOption(
      listenerOption('--pty', 'open a pseudo-terminal, which is a serial port for other programs (repeatable)', () =>
        listeners.push({ pty: true }),
      ).preset(true),
    )
    .addOption(
      listenerOption(
        '--usbip [host:port]',
        `be USB devices that Linux and Windows can attach by USB/IP (default: ${USBIP_ADDRESS})`,
        (usbip) => {
          if (listeners.some((listener) => 'usbip' in listener)) throw usage('--usbip is given more than once.');
          listeners.push({ usbip });
        },
      ).preset(USBIP_ADDRESS),
    )
    .addOption(
      valueOption(
        '--devices <number>',
        `the number of devices of --usbip, 1 to ${MAX_DEVICES}; other listeners have the first device (default: 1)`,
      ),
    )
    .addOption(
      valueOption(
        '--serial-number <text>',
        '1 to 32 printable ASCII characters (default: EMU-0001); further devices have the next numbers',
      ),
    )
    .addOption(valueOption('--model <text>', '1 to 16 printable ASCII characters (default: BT-EMU)'))
    .addOption(valueOption('--firmware <text>', '1 to 16 printable ASCII characters (default: 1.0.0)'))
    .addOption(
      valueOption(
        '--link-template <uri>',
        'the payment link that a phone reads, with {paymentMethod}, {amount}, {orderId}, {expiryTime} and {serialNumber}',
      ),
    )
    .option('--json', 'print one JSON object per line; the first is {"event":"ready",...} with every address')
    .addHelpText('after', HELP)
    .action(async (program: string[], typed: EmulateOptions, command: Command) => {
      checkProgram(program, command);
      if (listeners.length === 0) {
        throw usage('Say where hosts find the device: --tcp HOST:PORT, --unix PATH, --pty or --usbip.');
      }
      await emulate(typed, listeners, program);
    });
  return addControlOptions(command);
}

/** Adds the options of what steers the devices. */
function addControlOptions(command: Command): Command {
  return command
    .addOption(
      valueOption(
        '--control [host:port]',
        `serve a page and commands over HTTP; port 0 means any port (default: ${CONTROL_ADDRESS})`,
      ).preset(CONTROL_ADDRESS),
    )
    .addOption(
      valueOption(
        '--scenario <file>',
        'do the steps of this file: one JSON object per line, with "do", "after" and "on"',
      ),
    )
    .option('--triggers', 'let order ids that begin with TRY- decide what happens, for example TRY-LOSE');
}

function listenerOption(flags: string, description: string, add: (value: string) => void): Option {
  return new Option(flags, description).argParser((value) => add(value));
}

function usage(text: string): Failure {
  return new Failure(ExitCode.USAGE, `${text}\nTry: bluetap emulate --help`);
}

async function emulate(
  { json, devices, serialNumber, model, firmware, linkTemplate, ...wanted }: EmulateOptions,
  listeners: readonly WantedListener[],
  [command, ...args]: readonly string[],
): Promise<void> {
  const count = readCount(devices, listeners);
  // With COMMAND, stdout contains only the output of the command.
  const stream = command === undefined ? process.stdout : process.stderr;
  const log = new OrderlyLog(
    json ? jsonLog(stream) : textLog(stream, !command && process.stdin.isTTY ? KEYS_HELP : undefined),
  );
  // The typed options also contain the options of the listeners, and the emulator refuses unknown options.
  const identity = { serialNumber, model, firmware, linkTemplate };
  const control = new Control();
  const emulators = createEmulators(identity, count, (event, each) => {
    log.event(event, each);
    control.event(event, each);
  });
  const controls = emulators.map((emulator) => new DeviceControl(emulator));
  const end = command === undefined ? untilStopped() : undefined;
  let stopReading = () => {};
  const open = async () => {
    const opened = await openListeners(emulators, listeners, (message) => {
      if (log.ended) return;
      note(`bluetap: ${printable(message)}`);
      end?.fail();
    });
    await control.open(
      wanted,
      controls,
      opened.map(({ address }) => address),
    );
    if (log.ended) return opened;
    const [first, ...others] = emulators;
    log.ready([first.snapshot, ...others.map(({ snapshot }) => snapshot)], opened, control.address);
    control.start();
    // With COMMAND, only the command reads stdin.
    if (end) stopReading = readCommands(json === true, controls, { log, control, stop: end.stop });
    return opened;
  };
  try {
    if (end) {
      await Promise.race([open(), end.reached]);
      await end.reached;
    } else {
      process.exitCode = await runChild(command!, args, environmentOf(await open(), control));
    }
  } finally {
    // Ended before the emulators close, so that their last events are not printed.
    log.end();
    stopReading();
    await Promise.all([control.close(), ...emulators.map((emulator) => emulator.close())]);
    end?.forget();
    // If no program reads the rest of the output, the process would not end.
    if (stream.writableLength > 0) setTimeout(() => process.exit(), UNREAD_MS).unref();
  }
}

/** Reads commands from stdin, and its end. Returns the function that stops reading. */
function readCommands(
  json: boolean,
  devices: readonly DeviceControl[],
  { log, control, stop }: { readonly log: OrderlyLog; readonly control: Control; readonly stop: () => void },
): () => void {
  const obey = (line: string) => {
    if (json) log.answer(obeyLine(line, devices, control));
    // Keys are for a person at a terminal. Without --json, a pipe is read only to notice its end.
    else if (process.stdin.isTTY) obeyKey(line, devices, control);
  };
  if (!json && !process.stdin.isTTY && !isPipe()) return () => {};
  return readStdin({
    onLine: obey,
    onTooLong: () =>
      log.answer({ event: 'error', message: `a line of more than ${MAX_LINE_BYTES} bytes was left out` }),
    onLetGo: stop,
    answers: process.stdout,
  });
}

/**
 * Waits for the end of `emulate` without COMMAND: a signal, the end of its parent, a closed stdout (`| head`), or a
 * lost listener.
 */
function untilStopped() {
  let stop = () => {};
  const reached = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ignoreSignals = onStop(() => stop());
  process.stdout.once('error', stop);
  return {
    reached,
    stop: () => stop(),
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

function readCount(typed: string | undefined, listeners: readonly WantedListener[]): number {
  if (typed === undefined) return 1;
  const count = wholeNumber(typed);
  if (typeof count !== 'number' || count < 1 || count > MAX_DEVICES) {
    throw usage(`--devices must be a whole number from 1 to ${MAX_DEVICES}, but is ${JSON.stringify(typed)}.`);
  }
  if (!listeners.some((listener) => 'usbip' in listener))
    throw usage('--devices needs --usbip: any other listener has one device.');
  return count;
}

function createEmulators(
  { serialNumber = 'EMU-0001', ...identity }: Identity,
  count: number,
  onEvent: (event: EmulatorEvent, serialNumber: string) => void,
): [Emulator, ...Emulator[]] {
  try {
    const [first, ...others] = serialNumbers(serialNumber, count).map(
      (each) => new Emulator({ ...identity, serialNumber: each, onEvent: (event) => onEvent(event, each) }),
    );
    return [first!, ...others];
  } catch (cause) {
    throw new Failure(ExitCode.PARAM_ILLEGAL, namingOption((cause as Error).message), { cause });
  }
}

const OPTIONS: Readonly<Record<string, string>> = {
  serialNumber: '--serial-number',
  model: '--model',
  firmware: '--firmware',
  linkTemplate: '--link-template',
} satisfies Record<keyof Identity, string>;

/** Adds the name of the option to an error of the emulator, which names only the field. */
function namingOption(message: string): string {
  return message.replace(/^\w+(?=: )/, (field) => (OPTIONS[field] ? `${field} (${OPTIONS[field]})` : field));
}

/**
 * Returns the environment of COMMAND. BLUETAP_TRANSPORT is the first listener that is not USB/IP, because a host finds a
 * USB device itself.
 */
function environmentOf(listeners: readonly OpenListener[], { address }: Control): Readonly<Record<string, string>> {
  const listener = listeners.find(({ kind }) => kind !== 'usbip');
  const transport = listener?.kind === 'pty' ? `serial:${listener.address}` : listener?.address;
  return { ...(transport && { [TRANSPORT_VARIABLE]: transport }), ...(address && { [CONTROL_VARIABLE]: address }) };
}
