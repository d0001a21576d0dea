import type { EmulatorEvent } from './programs/packages.js';

/** What one run of the emulator says that it did: the truth that everything told is compared with. */
export class DeviceLog {
  /** Undefined until its first HELLO. */
  bootId: number | undefined;
  /** Every PAY and CANCEL that came, by session/sequence. */
  readonly arrived = new Map<string, { readonly type: 'PAY' | 'CANCEL'; readonly orderId: string | undefined }>();
  /** Those that were executed, and as the how manieth. */
  readonly executed = new Map<string, number>();
  /** How many of them have been judged. */
  judged = 0;
  /** How often each order's payment link was shown. */
  readonly shown = new Map<string, number>();
  /** The order of the payment link that is live. */
  live: string | undefined;
  /** Repeats that were answered without being executed. */
  repeats = 0;
  /** A command that came and was not answered: the process was killed while it had it. */
  unanswered: string | undefined;

  feed(event: EmulatorEvent): void {
    if (event.event === 'state') {
      const { orderId } = event;
      if (event.cause === 'pay') this.shown.set(orderId!, (this.shown.get(orderId!) ?? 0) + 1);
      this.live = event.snapshot.state === 'ready' ? event.snapshot.orderId : undefined;
    }
    if (event.event !== 'message') return;
    const { message } = event;
    const key = `${message.session}/${message.sequence}`;
    if (message.type === 'PAY' || message.type === 'CANCEL') {
      if (this.arrived.has(key)) this.repeats++;
      this.arrived.set(key, { type: message.type, orderId: message.orderId });
      this.unanswered = key;
    } else if (message.type === 'PAY_REPLY' || message.type === 'CANCEL_REPLY') {
      this.unanswered = undefined;
      if (message.result === 'SUCCESS' && !this.executed.has(key)) this.executed.set(key, this.executed.size);
    } else if (message.type === 'HELLO_REPLY' && message.result === 'SUCCESS') {
      this.bootId = message.bootId;
    }
  }
}
