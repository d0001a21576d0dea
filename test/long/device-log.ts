import type { EmulatorEvent } from './programs/packages.js';

/** The log of one run of the emulator. The results of the POS are compared with this log. */
export class DeviceLog {
  /** The boot id. Undefined until the first HELLO. */
  bootId: number | undefined;
  /** Every PAY and CANCEL that the device received, by session/sequence. */
  readonly arrived = new Map<string, { readonly type: 'PAY' | 'CANCEL'; readonly orderId: string | undefined }>();
  /**
   * The commands that were executed, by session/sequence. The value is the position in the order of execution, from 0.
   */
  readonly executed = new Map<string, number>();
  /** The number of executed commands that were already checked. */
  judged = 0;
  /** How many times the payment link of each order was shown. */
  readonly shown = new Map<string, number>();
  /** The order id of the live payment link. */
  live: string | undefined;
  /** The number of repeats that were answered but not executed. */
  repeats = 0;
  /** A command that came and was not answered, because the process was killed first. */
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
