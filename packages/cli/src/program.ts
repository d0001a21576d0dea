import { Command } from 'commander';
import type { Hardware } from './devices/transport.js';
import { note, styles } from './output/output.js';
import { lines, text } from './output/text.js';
import { ExitCode, Failure } from './process/exit-code.js';
import { version } from './process/version.js';

const EPILOGUE = `
Exit codes:
  0   SUCCESS: the device executed the command. For a PayCommand: the device has
      shown the payment link. This never means that the shopper has paid.
  1   The command failed, for example: no such file, an address in use.
  2   PARAM_ILLEGAL: a value breaks the rule of its field.
  3   DEVICE_DISCONNECTED: there is no device, or the device went away.
  4   PROCESS_FAIL: the device did not execute the command.
  5   UNKNOWN_EXCEPTION: the outcome is not known, or an unexpected error.
  64  An option, an argument or a command is wrong.

Examples:
  bluetap demo
  bluetap emulate --tcp 127.0.0.1:4000
  bluetap pay --transport tcp://127.0.0.1:4000 --payment-method TRUEMONEY

"bluetap COMMAND --help" explains a command.`;

/**
 * The commands, in the order of the help. The program loads only the command that was typed, so that it starts fast.
 * The hardware is a parameter, because tests use other hardware.
 */
const COMMANDS = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  pay: async (hardware) => (await import('./commands/pay.js')).payCommand(hardware),
  cancel: async (hardware) => (await import('./commands/cancel.js')).cancelCommand(hardware),
  status: async (hardware) => (await import('./commands/status.js')).statusCommand(hardware),
  info: async (hardware) => (await import('./commands/info.js')).infoCommand(hardware),
  list: async (hardware) => (await import('./commands/list.js')).listCommand(hardware),
  watch: async (hardware) => (await import('./commands/watch.js')).watchCommand(hardware),
  doctor: async (hardware) => (await import('./commands/doctor.js')).doctorCommand(hardware),
  'udev-rules': async () => (await import('./commands/udev-rules.js')).udevRulesCommand(),
  emulate: async () => (await import('./commands/emulate.js')).emulateCommand(),
  device: async () => (await import('./commands/device.js')).deviceCommand(),
  conformance: async (hardware) => (await import('./commands/conformance.js')).conformanceCommand(hardware),
  encode: async () => (await import('./commands/encode.js')).encodeCommand(),
  decode: async () => (await import('./commands/decode.js')).decodeCommand(),
  vectors: async () => (await import('./commands/vectors.js')).vectorsCommand(),
} as const satisfies Record<string, (hardware: Hardware | undefined) => Promise<Command>>;

/**
 * Runs the command line and sets the exit code of the process. Never rejects.
 * @param hardware The transports that lead to hardware. Tests use others.
 */
export async function run(args: readonly string[], hardware?: Hardware): Promise<void> {
  try {
    const program = await createProgram(hardware, needed(args));
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Returns the command that was typed. If there is no such command, returns undefined: load all, for the help. */
function needed([first = '']: readonly string[]): readonly (keyof typeof COMMANDS)[] | undefined {
  if (first === '--version') return [];
  return Object.hasOwn(COMMANDS, first) ? [first as keyof typeof COMMANDS] : undefined;
}

export async function createProgram(
  hardware?: Hardware,
  names: readonly (keyof typeof COMMANDS)[] = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[],
): Promise<Command> {
  const program = new Command('bluetap')
    .description('Send PayCommands to a BlueTap NFC payment device, or be an emulated one.')
    .version(version(), '--version', 'print the version')
    // Then "--version" after a command is an argument of that command.
    .enablePositionalOptions()
    .addHelpText('after', EPILOGUE);
  const commands = await Promise.all(names.map((name) => COMMANDS[name](hardware)));
  for (const command of commands) program.addCommand(command);
  settle(program);
  return program;
}

/** Sets up a command and its subcommands: Commander must not print an error and must not end the process. */
function settle(command: Command, parents = ''): void {
  const path = `${parents}${command.name()}`;
  command
    .helpOption('-h, --help', 'print this help')
    .configureHelp({
      styleTitle: (title) => styles().bold(title).toString(),
      // Each description contains its default. Commander would add the default again, as a "preset".
      optionDescription: ({ description }) => description,
    })
    .configureOutput({ outputError: () => {} })
    .exitOverride(({ exitCode, code, message }) => {
      const asked = exitCode === 0;
      if (asked || code === 'commander.help') throw new Failure(asked ? ExitCode.OK : ExitCode.USAGE, '');
      const problem = message.replace(/^error: /, '').replace(/\n(?=\(Did you mean [^\n]*$)/, ' ');
      throw new Failure(ExitCode.USAGE, `${problem}\nTry: ${path} --help`);
    });
  if (command.commands.length > 0) {
    command.helpCommand('help [command]', 'print the help of a command');
    command.addHelpText('before', ({ error }) => {
      if (error) refuseHelpOfUnknown(command);
      return '';
    });
  }
  for (const child of command.commands) settle(child, `${path} `);
}

/**
 * Refuses "help bogus" with the same error as "bogus". Commander would print the whole help and not mention "bogus".
 * @throws Failure (exit code 64) if the command after "help" does not exist.
 */
function refuseHelpOfUnknown(command: Command): void {
  const [help, unknown] = command.args;
  if (help === 'help' && unknown !== undefined) command.parse([unknown], { from: 'user' });
}

/** Prints the error to stderr and returns the exit code. */
function explain(error: unknown): number {
  const name = styles('stderr').red('bluetap:');
  if (error instanceof Failure) {
    if (error.message !== '') note(text`${name} ${error.text}`);
    return error.exitCode;
  }
  const unforeseen = text`${name} an unexpected error: please report it with these lines`;
  note(lines([unforeseen, String(error), ...callsOf(error)]));
  return ExitCode.UNKNOWN_EXCEPTION;
}

/** Returns the lines of the stack after the message. The message itself can have several lines. */
function callsOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? String(error.stack) : '';
  const message = String(error);
  const calls = stack.startsWith(message) ? stack.slice(message.length) : stack;
  return calls.split('\n').filter((line) => line !== '');
}
