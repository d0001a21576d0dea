import type { Connection, Emulator } from '@bluetap/emulator';
import {
  decodeMessage,
  encodeMessage,
  FrameDecoder,
  type HelloAccepted,
  type Message,
  type PayCommand,
} from '@bluetap/protocol';

/** Another POS at the same device. It has its own connection, and takes the session from the host under test. */
export class OtherHost {
  readonly #connection: Connection;
  readonly #heard: Message[] = [];
  #session = 0;
  #sequence = 0;

  constructor(emulator: Emulator) {
    const decoder = new FrameDecoder({
      onFrame: (frame) => {
        const decoded = decodeMessage(frame);
        if (decoded.ok) this.#heard.push(decoded.message);
      },
    });
    this.#connection = emulator.attach({ name: 'another host', send: (bytes) => decoder.push(bytes), close: () => {} });
  }

  /** Opens a session. The device answers within the call. */
  hello(): this {
    this.#connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 0x07e4_0001 }));
    const reply = this.#heard.findLast(({ type }) => type === 'HELLO_REPLY') as HelloAccepted | undefined;
    this.#session = reply?.session ?? 0;
    this.#sequence = 0;
    return this;
  }

  /** Shows a payment link of this host. */
  pay(command: Partial<PayCommand> = {}): this {
    this.#connection.receive(
      encodeMessage({
        type: 'PAY',
        session: this.#session,
        sequence: ++this.#sequence,
        paymentMethod: 'ALIPAY_CN',
        orderId: 'OTHER-1',
        ...command,
      }),
    );
    return this;
  }

  /** Ends the live payment link, whatever its order is. */
  cancel(): this {
    this.#connection.receive(encodeMessage({ type: 'CANCEL', session: this.#session, sequence: ++this.#sequence }));
    return this;
  }

  /** Closes the connection. The session ends. */
  leave(): void {
    this.#connection.end();
  }
}
