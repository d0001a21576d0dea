import { emulator, type Mutant, mutant } from './mutant.js';

/** Mistakes of the device in the delivery of a command. */
export const deviceDeliveryMutants: readonly Mutant[] = [
  {
    name: 'a repeat is executed again',
    patches: [
      {
        file: emulator('session/device-sessions'),
        find: 'if (frame.sequence !== session.latest || crc !== session.crc) {',
        replace: 'if (true) {',
      },
      {
        file: emulator('session/device-sessions'),
        find: 'if (frame.sequence <= session.latest)',
        replace: 'if (frame.sequence < session.latest)',
      },
    ],
  },
  mutant(
    'session ignored by the device',
    emulator('session/device-sessions'),
    'if (session?.number !== frame.session || session.connection !== connection)',
    'if (!session)',
  ),
  mutant(
    'a failed PAY is the last command',
    emulator('session/device-sessions'),
    'return Reason.NFC_FAULT;',
    '{ this.#lastCommand = { session: message.session, sequence: message.sequence }; return Reason.NFC_FAULT; }',
  ),
  mutant(
    'no last command',
    emulator('session/device-sessions'),
    'this.#lastCommand = { session: message.session, sequence: message.sequence };',
    '',
  ),
  mutant(
    'the boot id stays',
    emulator('session/device-sessions'),
    'this.#bootId = bootId === this.#bootId ? (bootId + 1) >>> 0 : bootId;',
    'this.#bootId = bootId & 0;',
  ),
  mutant(
    'a restart keeps the payment link',
    emulator('device/device'),
    "blank() {\n        this.#expiry.stop();\n        this.#state = 'idle';",
    'blank() {',
  ),
  mutant('CANCEL leaves the payment link', emulator('device/device'), "this.#end('cancelled', 'cancel');", ''),
];
