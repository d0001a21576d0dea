import { Command } from 'commander';
import { addRecordOptions, type RecordArguments, recorded } from '../devices/record.js';
import { hardware as attached, type Hardware, PATIENT_MS, TRANSPORTS, transportFor } from '../devices/transport.js';
import { readDevice, valueOption } from '../input/options.js';
import { boundedPrinter, leaveUnread, note, printJson, styles } from '../output/output.js';
import { ExitCode, Failure } from '../process/exit-code.js';
import { onStop } from '../process/stop-signals.js';
import { type Change, tellingChanges, watchAll } from '../watch/changes.js';
import { PaymentLinkWatch, type SessionChange } from '../watch/link.js';
import { changeLines } from '../watch/text.js';

interface WatchOptions extends RecordArguments {
  readonly transport?: string;
  readonly link?: true;
  readonly device?: string;
  readonly unredacted?: true;
  readonly json?: true;
}

type Tell = (change: Change | SessionChange) => void;

export function watchCommand(hardware: Hardware = attached): Command {
  const command = new Command('watch')
    .summary('show devices that come and go, and changes of a payment link')
    .description(
      'Show devices that come and go, until Ctrl-C. It asks the operating system only, and takes no session, except with --link.',
    )
    .addOption(
      valueOption(
        '--transport <transport>',
        `only this transport: ${TRANSPORTS} (default: every transport; with --link the same as "bluetap status")`,
      ),
    )
    .option('--link', 'also open a session, and show changes of the payment link: a tap, an expiry')
    .addOption(valueOption('--device <id>', 'with --link: which device, by serial number or id'))
    .option('--unredacted', 'with --link: show order ids')
    .option('--json', 'print one JSON object per line');
  return addRecordOptions(command)
    .addHelpText(
      'after',
      `
A device has one session. --link takes this session from the POS that has it.
The next command of the POS takes it back. This does not harm the command.
watch then says so and ends with exit code 3, because the two programs must not
take the session from each other again and again. Only one program at a time can
open a USB interface or a serial port: there the POS finds the device busy until
watch ends. Use --link only while no POS is charging. While watch has a session,
it does not look for other devices.

If lines come faster than they are read, watch leaves some out and prints how
many. With --json this is the event "skipped".

Examples:
  bluetap watch --transport usb
  bluetap watch --link --transport tcp://127.0.0.1:4000`,
    )
    .action(async (typed: WatchOptions) => {
      if (!typed.link) refuseLinkOptions(typed);
      const tell = teller(typed.json);
      try {
        if (typed.link) await watchPaymentLink(typed, hardware, tell);
        else await watchDevices(typed, hardware, tell);
      } finally {
        leaveUnread();
      }
    });
}

function refuseLinkOptions({ device, unredacted, record }: WatchOptions): void {
  const name = device !== undefined ? '--device' : unredacted ? '--unredacted' : record === undefined ? '' : '--record';
  if (name) throw new Failure(ExitCode.USAGE, `${name} needs --link.\nTry: bluetap watch --help`);
}

async function watchDevices({ transport: text, json }: WatchOptions, hardware: Hardware, tell: Tell): Promise<void> {
  const chosen = text === undefined ? undefined : transportFor(text, { hardware });
  const transports = chosen ? [chosen.transport] : hardware(PATIENT_MS);
  const end = untilStopped();
  const stop = watchAll(transports, tell);
  say(json, `Watching ${transports.map(({ name }) => name).join(', ')}. Ctrl-C stops it.`);
  await end.reached;
  stop();
  await chosen?.close();
}

async function watchPaymentLink(typed: WatchOptions, hardware: Hardware, tell: Tell): Promise<void> {
  readDevice(typed.device);
  const named = transportFor(typed.transport, { hardware, wrap: (transport) => tellingChanges(transport, tell) });
  const { transport, close, client } = recorded(named, typed);
  const end = untilStopped();
  const { device, unredacted = false, json } = typed;
  say(json, `Watching ${transport.name} and its payment link. Ctrl-C stops it.`);
  const onEnd = (message: string): void => {
    if (json) printJson(timed({ event: 'ended', transport: transport.name, message }));
    end.fail(json ? '' : message);
  };
  const watch = new PaymentLinkWatch({ transport, device, unredacted, client, tell, onEnd });
  try {
    await end.reached;
  } finally {
    await watch.close();
    await close();
  }
}

/** Returns the function that prints each change, for a program or for a person. */
function teller(json: true | undefined): Tell {
  if (json) {
    const print = boundedPrinter((count) => ({ json: timed({ event: 'skipped', count }) }));
    return (change) => print({ json: timed(change) });
  }
  const line = changeLines();
  const print = boundedPrinter((count) => ({ text: `${count} lines left out: they came faster than they were read` }));
  return (change) => print({ text: line(change) });
}

function timed(event: object): object {
  return { time: new Date().toISOString(), ...event };
}

/** Prints a note for a person at a terminal, because `watch` may print nothing else for a long time. */
function say(json: true | undefined, text: string): void {
  if (process.stderr.isTTY && !json) note(styles('stderr').dim(text));
}

/** Waits for the end of `watch`: a signal, a closed stdout (`| head`), or a call of `fail` with the reason. */
function untilStopped() {
  // A watch of a transport does not keep the process running. This timer does.
  const alive = setInterval(() => {}, 2 ** 31 - 1);
  let stop = () => {};
  let fail: (message: string) => void = () => {};
  const reached = new Promise<void>((resolve, reject) => {
    stop = resolve;
    fail = (message) => reject(new Failure(ExitCode.DEVICE_DISCONNECTED, message));
  });
  const ignoreSignals = onStop(() => stop());
  process.stdout.once('error', stop);
  const forget = () => {
    clearInterval(alive);
    ignoreSignals();
    process.stdout.off('error', stop);
  };
  return { reached: reached.finally(forget), fail };
}
