import { encodeMessage, type Message } from '@bluetap/protocol';
import { Command, type Option } from 'commander';
import {
  type Broken,
  type CancelFields,
  noteLongExpiry,
  type PayFields,
  readCancel,
  readPay,
  readUint,
  refuseBroken,
} from '../input/fields.js';
import { hexOf } from '../input/hex.js';
import { amountOption, expiryTimeOption, orderIdOption, paymentMethodOption, valueOption } from '../input/options.js';
import { print } from '../output/output.js';

interface Header {
  readonly session: string;
  readonly sequence: string;
}

export function encodeCommand(): Command {
  return new Command('encode')
    .summary('print a request as wire bytes')
    .description('Print a request as wire bytes: lower-case hex, both delimiters included.')
    .addCommand(
      request('pay', 'Show a payment link.', [
        paymentMethodOption(),
        amountOption(),
        orderIdOption(),
        expiryTimeOption(),
      ])
        .addHelpText('after', '\nExample:\n  bluetap encode pay --session 1 --sequence 1 --payment-method TRUEMONEY')
        .action((typed: Header & PayFields) => {
          const { command, broken } = readPay(typed);
          const numbers = header(typed, broken);
          noteLongExpiry(command);
          emit({ type: 'PAY', ...numbers, ...command });
        }),
    )
    .addCommand(
      request('cancel', 'End the live payment link.', [orderIdOption('only the payment link of this order')])
        .addHelpText('after', '\nExample:\n  bluetap encode cancel --session 1 --sequence 2 --order-id POS1-0042')
        .action((typed: Header & CancelFields) => {
          const { command, broken } = readCancel(typed);
          emit({ type: 'CANCEL', ...header(typed, broken), ...command });
        }),
    )
    .addCommand(
      request('status', 'Ask for the current state.', [])
        .addHelpText('after', '\nExample:\n  bluetap encode status --session 1 --sequence 3')
        .action((typed: Header) => emit({ type: 'STATUS', ...header(typed, []) })),
    )
    .addCommand(
      new Command('hello')
        .description('Open a session.')
        .addOption(required(valueOption('--nonce <number>', '0 to 4294967295, decimal or 0x...')))
        .addHelpText('after', '\nExample:\n  bluetap encode hello --nonce 0xcafe')
        .action((typed: { nonce: string }) => {
          const nonce = readUint('nonce', typed.nonce, 0xffffffff, true);
          refuseBroken(nonce.broken);
          emit({ type: 'HELLO', session: 0, sequence: 0, nonce: nonce.value });
        }),
    );
}

function request(name: string, description: string, fields: readonly Option[]): Command {
  const command = new Command(name)
    .description(description)
    .addOption(required(valueOption('--session <number>', '0 to 65535')))
    .addOption(required(valueOption('--sequence <number>', '0 to 255')));
  for (const field of fields) command.addOption(field);
  return command;
}

function required(option: Option): Option {
  option.description += ' (required)';
  return option.makeOptionMandatory();
}

/** @throws Failure (exit code 2) that names each broken field of the header and of `others`. */
function header(typed: Header, others: readonly Broken[]): { session: number; sequence: number } {
  const session = readUint('session', typed.session, 0xffff);
  const sequence = readUint('sequence', typed.sequence, 0xff);
  refuseBroken([...session.broken, ...sequence.broken, ...others]);
  return { session: session.value, sequence: sequence.value };
}

function emit(message: Message): void {
  print(hexOf(encodeMessage(message)));
}
