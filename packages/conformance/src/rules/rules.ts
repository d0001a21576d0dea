/** Who has to keep a rule. */
export type Side = 'both' | 'device' | 'host';

/** One rule of docs/protocol.md. */
export interface Rule {
  /** The number that the page gives to the rule. */
  readonly id: RuleId;
  /** Who has to keep it. */
  readonly side: Side;
  /** The rule in a few words, for a report. */
  readonly title: string;
}

/** The number of a rule, such as `R-38`. */
export type RuleId = `R-${number}`;

function rules(side: Side, first: number, titles: readonly string[]): Rule[] {
  return titles.map((title, at) => ({ id: `R-${first + at}` as const, side, title }));
}

/** All rules of docs/protocol.md, in the order of their numbers. A test compares them with the page. */
export const RULES: readonly Rule[] = [
  ...rules('both', 1, [
    'a sender writes both delimiters',
    'what stands between two delimiters is one frame, and padding has no meaning',
    'an encoded frame has at most 128 bytes, and a longer one is dropped',
    'a partial frame is forgotten after a silence and at the end of its connection',
    'what is no frame is dropped without an answer, and the next frame is read',
    'tags ascend, unknown tags are skipped, unknown critical tags are refused',
    'defaults are left out when sent and accepted when read',
    'a frame starts a HID report or a transfer',
  ]),
  ...rules('device', 20, [
    'types with bit 80 or 40 are dropped before anything else is checked',
    'another version is refused with reason 9',
    'an unknown type is refused with reason 8',
    'another session is refused with reason 4',
    'a sequence that was used or is too low is refused with reason 10',
    'a damaged payload is refused with reason 3',
    'an unknown critical tag is refused with reason 7',
    'a missing field is refused with reason 1',
    'an unknown payment method is refused with reason 2',
    'a wrong value is refused with reason 3',
    'a CANCEL of another order is refused with reason 5',
    'what cannot be executed is refused with reason 6 or 11',
    'the header of a reply',
    'the fields of a reply',
    'every request is answered within 500 ms',
    'the number of a session is new, counts up, and is never 0',
    'there is one session, and what ends it',
    'HELLO and the end of a session do not change the payment link',
    'a repeat is answered with the stored result and is not executed',
    'a request uses its sequence if the header was right',
    'the last command is the latest PAY or CANCEL that was executed',
    'the boot id differs at every start',
    'PAY shows its payment link and replaces any other',
    'a PAY that the NFC part fails leaves no payment link',
    'a failing NFC part ends the live payment link',
    'CANCEL ends the payment link of its order only',
    'taps count reads of the payment link, and stop at 255',
    'the tag is blank after a start',
    'a payment link ends when its time is over, and remaining is rounded up',
    'a payment link is said to be over only when the tag cannot be read',
    'a PAY reply says what the PAY replaced',
    'LINK goes to the open session when the payment link changed without a request',
    'LINK numbers start at 1 and count up to 255',
    'a LINK that cannot be written is dropped and uses its number',
    'a connection has one reply at a time',
    'what the tag holds',
    'how many connections a device takes, and which one makes room',
    'flags say what the device is, and how it counts taps',
    'the serial number is that of the USB descriptor',
    'the descriptors of the USB device',
  ]),
  ...rules('host', 70, [
    'a connection begins with HELLO, and each try has a new nonce',
    'there is one outstanding request',
    'requests are numbered from 1, and a new session follows 255',
    'a message that answers nothing is dropped and counted',
    'a reply that cannot be read is ignored, and the host waits on',
    'a repeat has the same bytes, comes after 1000 ms, and comes at most twice',
    'a command is never sent again under another sequence to find out whether it arrived',
    'after a gap of LINK the host asks with STATUS',
    'what a refusal of a command means',
    'one session in a call because of reason 4',
    'while a command is in doubt, nothing but its bytes or HELLO is sent',
    'HELLO resolves a doubt',
    'what the host says of the payment link after a doubt',
    'a reply that contradicts itself is not believed',
    'a lost reply is not reported as a failure',
    'a command is checked before anything is sent',
    'nothing but frames and padding is written',
    'USB bulk is read in transfers of 64 bytes',
    'a device is recognised by its serial number',
    'an unknown reason is accepted, and the result counts',
  ]),
];
