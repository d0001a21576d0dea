import { Client, type ClientOptions, type DeviceIdentity, type PaymentLinkEvent } from '@bluetap/sdk';
import { type Clock, type DeviceInfo, systemClock, type Transport } from '@bluetap/transport';
import type { Change } from './changes.js';
import { yielding } from './yielding.js';

/**
 * A change that a session reports: a device answered, its payment link changed without a command of this program, or
 * the device was disconnected.
 */
export type SessionChange =
  | ({
      readonly event: 'connected' | 'link';
      readonly transport: string;
      readonly device: DeviceIdentity;
    } & PaymentLinkEvent)
  | {
      readonly event: 'disconnected';
      readonly transport: string;
      readonly device: DeviceIdentity;
      readonly message: string;
    };

export interface WatchPaymentLinkOptions {
  readonly transport: Transport;
  /** The serial number of the device, or the id that its transport gives it. */
  readonly device?: string | undefined;
  /** True if the changes include order ids. */
  readonly unredacted: boolean;
  readonly client?: Pick<ClientOptions, 'logger' | 'redact'>;
  readonly clock?: Clock;
  readonly tell: (change: Change | SessionChange) => void;
  /**
   * Called once with the reason when the watch is over: another program took the session, or the device that answers is
   * not the named device. The caller must then close the watch. Otherwise the two programs would take the session from
   * each other again and again.
   */
  readonly onEnd: (message: string) => void;
}

/** If no device answers within this time, `watch` reports it. The client continues to look for the device. */
const PATIENCE_MS = 3000;

/** The time between two questions whether the session is still ours. A device does not report the loss itself. */
const ASK_MS = 2000;

/**
 * Keeps a session with a device and reports the changes of its payment link. It sends no PAY and no CANCEL. After
 * `close` resolves, no timer, channel or listener of the watch is left.
 */
export class PaymentLinkWatch {
  readonly #options: WatchPaymentLinkOptions;
  readonly #client: Client;
  readonly #clock: Clock;
  #device: DeviceIdentity | undefined;
  #timer: unknown;
  #closed = false;

  constructor(options: WatchPaymentLinkOptions) {
    this.#options = options;
    const { transport, device: wanted, client, clock = systemClock } = options;
    this.#clock = clock;
    const polite = yielding(transport, clock, () => {
      const why = 'another program has opened one, or the device has restarted';
      this.#end(
        `The session with ${this.#device!.serialNumber} is over: ${why}. Start "bluetap watch --link" again to take one.`,
      );
    });
    // A function, and not the name itself. With a name, a client sends HELLO to a wrong device again after 30 s.
    const fits = ({ id, serialNumber = wanted }: DeviceInfo) => wanted === id || wanted === serialNumber;
    this.#client = new Client({ transport: polite, device: wanted === undefined ? undefined : fits, clock, ...client });
    this.#client.on('connected', (event) => this.#onConnected(event));
    this.#client.on('link', (link) => this.#tell('link', link));
    this.#client.on('disconnected', ({ message }) => {
      if (this.#closed) return;
      options.tell({ event: 'disconnected', transport: transport.name, device: this.#device!, message });
      this.#seek();
    });
    this.#seek();
    this.#ask();
  }

  close(): Promise<void> {
    this.#stop();
    return this.#client.close();
  }

  #end(message: string): void {
    if (this.#closed) return;
    this.#stop();
    this.#options.onEnd(message);
  }

  #stop(): void {
    this.#closed = true;
    this.#clock.clearTimeout(this.#timer);
  }

  #ask(): void {
    this.#timer = this.#clock.setTimeout(() => {
      // The answer is not used here. `yielding` reads it, and notices that another program has the session.
      const asked = this.#client.device ? this.#client.status() : Promise.resolve();
      const again = (): void => {
        if (!this.#closed) this.#ask();
      };
      void asked.then(again, again);
    }, ASK_MS);
  }

  /** Reports once why there is no device. The client continues to look for the device. */
  #seek(): void {
    const { transport, device, tell } = this.#options;
    this.#client.info({ timeoutMs: PATIENCE_MS }).catch(({ message }: Error) => {
      const wanted = device === undefined ? '' : ` (--device ${device})`;
      if (!this.#closed) tell({ event: 'failing', transport: transport.name, message: message + wanted });
    });
  }

  #onConnected({
    model,
    firmware,
    serialNumber,
    bootId,
    simulated,
    id,
    ...link
  }: DeviceIdentity & PaymentLinkEvent): void {
    const { device: wanted } = this.#options;
    if (this.#closed) return;
    this.#device = { model, firmware, serialNumber, bootId, simulated, id };
    if (wanted === undefined || wanted === serialNumber || wanted === id) this.#tell('connected', link);
    else this.#end(`${id} is the device ${serialNumber}, not ${wanted}.`);
  }

  #tell(event: 'connected' | 'link', { state, taps, orderId }: PaymentLinkEvent): void {
    if (this.#closed) return;
    const { transport, unredacted, tell } = this.#options;
    const order = unredacted && orderId !== undefined ? { orderId } : {};
    tell({ event, transport: transport.name, device: this.#device!, state, taps, ...order });
  }
}
