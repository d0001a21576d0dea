import { Client, type ClientOptions, type CommandResult, type PaymentLinkEvent, PaymentMethod } from '@bluetap/sdk';

export interface Order {
  readonly id: string;
  readonly amount: string;
}

/** The text that the cashier reads. */
export type Display =
  | 'ready'
  | 'please tap'
  | 'ask the acquirer'
  | 'expired'
  | 'cancelled'
  | 'not charged'
  | 'in doubt: wait';

/**
 * A small POS. Your POS can look different. For its tests, only one thing is important: it gets transport and clock
 * from outside.
 */
export class Pos implements AsyncDisposable {
  display: Display = 'ready';
  readonly #client: Client;
  /** The orders that a shopper may pay now, or may have paid. The POS does not send them again. */
  readonly #charged = new Map<string, Promise<Display>>();

  constructor(options: Pick<ClientOptions, 'transport' | 'clock'>) {
    this.#client = new Client(options);
    this.#client.on('link', (link) => this.#show(link));
    this.#client.on('resolved', (resolution) => {
      if (resolution.outcome === 'executed') this.#show(resolution);
      else if (resolution.outcome === 'not-executed') this.#over('not charged');
      else this.display = 'ask the acquirer';
    });
  }

  /** Charges an order once, also if the cashier presses the button several times. */
  charge(order: Order): Promise<Display> {
    const earlier = this.#charged.get(order.id);
    if (earlier !== undefined) return earlier;
    const charging = this.#charge(order);
    this.#charged.set(order.id, charging);
    return charging;
  }

  async cancel(order: Order): Promise<CommandResult> {
    const result = await this.#client.cancel({ orderId: order.id });
    if (result.code === 'SUCCESS') this.#show({ state: 'cancelled', taps: result.taps ?? 0 });
    return result;
  }

  async #charge({ id, amount }: Order): Promise<Display> {
    const command = { paymentMethod: PaymentMethod.TRUEMONEY, amount, orderId: id };
    const { outcome, pending } = await this.#client.pay(command, { timeoutMs: 5000 });
    if (outcome === 'executed') this.display = 'please tap';
    // If `pending` is true, the client asks the device again and emits `resolved`.
    else if (outcome === 'unknown') this.display = pending ? 'in doubt: wait' : 'ask the acquirer';
    else this.#over('not charged');
    return this.display;
  }

  #show({ state, taps }: Pick<PaymentLinkEvent, 'state' | 'taps'>): void {
    if (taps > 0) this.display = 'ask the acquirer';
    else if (state === 'ready') this.display = 'please tap';
    else this.#over(state === 'expired' || state === 'cancelled' ? state : 'not charged');
  }

  /** No phone has read the payment link, and no phone can read it now. So the POS may charge the order again. */
  #over(display: Display): void {
    this.#charged.clear();
    this.display = display;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }
}
