import { encodeMessage, type Frame, type FrameErrorCode } from '@bluetap/protocol';
import { EVENT_BIT, REPLY_BIT } from '@bluetap/protocol/tools';
import { type Transport, TransportError } from '@bluetap/transport';
import { aFunction, anObject, bindMethods, callBack, checkOptions } from '@bluetap/transport/kit';
import { BehaviourStack } from './behaviours/behaviour-stack.js';
import { aPower } from './contract/check-arguments.js';
import type { Connection, Peer } from './contract/connection.js';
import type { Behaviour, EmulatedDevice, Follower } from './contract/emulated-device.js';
import type { PaymentLinkCause, Snapshot } from './contract/events.js';
import type { NfcFault, PaymentLink, Tap } from './contract/payment-link.js';
import { Device } from './device/device.js';
import { encodeUriMessage } from './device/ndef.js';
import { EventLog } from './events/event-log.js';
import { InProcessTransport } from './listeners/in-process.js';
import { type EmulatorOptions, readOptions, type Settings } from './options.js';
import { DeviceConnection } from './session/connection.js';
import { DeviceSessions } from './session/device-sessions.js';

/**
 * An emulated BlueTap device: the device side of docs/protocol.md, for any number of connections. It answers as
 * the document says, until a behaviour changes that.
 *
 * A function of the program cannot stop it half-way: an error that an `onEvent`, a behaviour, a peer or a follower throws or
 * rejects with goes to the option `onError`. The methods work detached and behind a Proxy.
 */
export class Emulator implements EmulatedDevice {
  readonly #settings: Settings;
  readonly #log: EventLog;
  readonly #device: Device;
  readonly #sessions: DeviceSessions<DeviceConnection>;
  readonly #connections = new Set<DeviceConnection>();
  readonly #followers = new Set<Follower>();
  readonly #behaviours: BehaviourStack;
  #written: { readonly link: PaymentLink; readonly uri: string } | undefined;
  #plugged = true;
  #attachment = 1;
  #closed = false;
  #closing: Promise<void> | undefined;

  /** @throws TypeError that names an option of a wrong type; RangeError that names an option whose value breaks its rule. */
  constructor(options: EmulatorOptions = {}) {
    const settings = readOptions(options);
    this.#settings = settings;
    this.#log = new EventLog(settings.onEvent, settings.report);
    this.#behaviours = new BehaviourStack(this, settings.report);
    this.#device = new Device(settings.clock, (cause, link) => this.#paymentLinkChanged(cause, link));
    this.#sessions = new DeviceSessions(this.#device, settings.identity, settings.random);
    bindMethods(this);
  }

  /** What the device shows now. */
  get snapshot(): Snapshot {
    const { state, taps, remaining, live } = this.#device.look();
    const { serialNumber } = this.#settings.identity;
    const snapshot = { simulated: true, serialNumber, plugged: this.#plugged, state, taps } as const;
    if (!live) return snapshot;
    const { expiryTime: _, ...link } = live;
    return { ...snapshot, remaining, ...link, uri: this.#uri(live) };
  }

  /**
   * A phone reads the payment link: what it gets, or undefined when no payment link is live. The tag needs power, not
   * the cable, so an unplugged device with power can be read; an open session is told with LINK.
   */
  tap(): Tap | undefined {
    const link = this.#device.tap();
    if (!link) return undefined;
    const uri = this.#uri(link);
    return { ...link, uri, ndef: encodeUriMessage(uri), taps: this.#device.look().taps };
  }

  /**
   * Whether the NFC part is broken. `true` strikes now and costs the live payment link; `'on-pay'` lets it live until
   * the next PAY, which fails and drops it. Every PAY is refused with reason 6 until this is false. It outlives a power
   * cycle.
   */
  get nfcFault(): NfcFault {
    return this.#device.fault;
  }
  /** Breaks the NFC part, or repairs it: see the getter. */
  set nfcFault(fault: NfcFault) {
    if (typeof fault !== 'boolean' && fault !== 'on-pay') {
      throw new TypeError("nfcFault must be true, false or 'on-pay'");
    }
    this.#device.fault = fault;
  }

  /** False from `unplug` to `plug`: a host cannot open the device then. A new emulator is plugged in. */
  get plugged(): boolean {
    return this.#plugged;
  }

  /** True once `close` was called; the device cannot be used again. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Names the present plugging-in: another number each time. */
  get attachment(): number {
    return this.#attachment;
  }

  /**
   * Pulls the cable: every connection closes, and with them the session. With `power: 'lost'` the device is off as well: no
   * link, and it restarts when it is plugged in.
   * @throws TypeError that names an unknown option, or an option with a wrong value.
   */
  unplug(options: { readonly power?: 'kept' | 'lost' | undefined } = {}): void {
    checkOptions('unplug()', options, { power: aPower });
    const { power = 'kept' } = options;
    if (!this.#plugged && power === 'kept') return;
    const wasPlugged = this.#plugged;
    this.#plugged = false;
    this.#log.emit({ event: 'unplug', power });
    this.#cut();
    if (power === 'lost') {
      this.#device.blank();
      this.#sessions.start();
      this.#log.emit({ event: 'start', bootId: this.#sessions.bootId });
    }
    if (wasPlugged) this.#tellFollowers();
  }

  /** Plugs the cable in. Nothing happens when it is, or when the emulator was closed. */
  plug(): void {
    if (this.#plugged || this.#closed) return;
    this.#plugged = true;
    this.#attachment++;
    this.#log.emit({ event: 'plug' });
    this.#tellFollowers();
  }

  /**
   * Restarts the device: every connection is cut, then it is back with another boot id, no session, no last command, no
   * payment link.
   */
  powerCycle(): void {
    this.unplug({ power: 'lost' });
    this.plug();
  }

  /**
   * Puts a behaviour on top of the stack. Returns the function that takes it off again.
   * @throws TypeError for what is no behaviour.
   */
  use(behaviour: Behaviour): () => void {
    return this.#behaviours.use(behaviour);
  }

  /** A transport in the same process, for the SDK: no socket, no thread, and in virtual time if the clock is. */
  transport(): Transport {
    return new InProcessTransport(this, this.#settings.report);
  }

  /**
   * Lets a host in by a connection of any kind.
   * @throws TransportError (`not-found`) while the device is unplugged or closed; TypeError for what is no peer.
   */
  attach(peer: Peer): Connection {
    if (!this.#plugged) throw new TransportError('not-found', `${this} is unplugged: call plug() first`);
    const handlers = {
      onFrame: (frame: Frame) => this.#receive(frame, connection),
      onDrop: (code: FrameErrorCode) => this.#log.emit({ event: 'dropped', connection: peer.name, code }),
      onEnd: () => {
        this.#connections.delete(connection);
        this.#sessions.closed(connection);
        this.#log.emit({ event: 'disconnected', connection: peer.name });
      },
    };
    const { clock, report } = this.#settings;
    const connection = new DeviceConnection(peer, clock, handlers, report);
    this.#connections.add(connection);
    this.#log.emit({ event: 'connected', connection: peer.name });
    return connection;
  }

  /**
   * Goes along with the device: told of plugging, and closed with it. Returns the function that ends this.
   * @throws Error when the emulator was closed; TypeError for what is no follower.
   */
  follow(follower: Follower): () => void {
    if (!anObject.holds(follower)) throw new TypeError('follow(): a follower is an object');
    const { onPlug, close } = follower;
    checkOptions('follow()', { onPlug, close }, { onPlug: aFunction, close: aFunction });
    if (this.#closed) throw new Error(`${this} was closed: make a new Emulator`);
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /**
   * Takes an error that a function of the program threw or rejected with. For code that opens connections. Never throws.
   * @param where Which function it was, for people.
   */
  report(error: unknown, where: string): void {
    this.#settings.report(error, where);
  }

  /** Unplugs the device for good and closes its connections. Nothing is left: no timer, no socket, no process. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Does what `close` does: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toString(): string {
    return `simulated device ${this.#settings.identity.serialNumber}`;
  }

  #tellFollowers(): void {
    for (const follower of [...this.#followers]) {
      callBack(
        () => follower.onPlug?.(),
        (error) => this.report(error, 'onPlug of a follower'),
      );
    }
  }

  #cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.#plugged = false;
    this.#cut();
    this.#device.blank();
    this.#tellFollowers();
    await Promise.all([...this.#followers].map((follower) => this.#closeFollower(follower)));
    this.#followers.clear();
  }

  /** One that fails leaves the others to be waited for. */
  async #closeFollower(follower: Follower): Promise<void> {
    try {
      await follower.close?.();
    } catch (error) {
      this.report(error, 'close of a follower');
    }
  }

  /** A frame with a right CRC came through a connection. */
  #receive(frame: Frame, connection: DeviceConnection): void {
    // An echoing line must not make the device talk to itself.
    if (frame.type & (REPLY_BIT | EVENT_BIT)) {
      this.#log.emit({ event: 'dropped', connection: connection.name, code: 'not-a-request' });
      return;
    }
    this.#log.received(connection.name, frame);
    this.#behaviours.request(connection, frame, (request) => {
      // A behaviour can pass a request on after its connection has closed. Then the request has no sender.
      if (!this.#connections.has(connection)) return undefined;
      const bytes = this.#sessions.answer(request, connection);
      this.#log.said(connection.name, bytes);
      return bytes;
    });
  }

  #paymentLinkChanged(cause: PaymentLinkCause, link: PaymentLink): void {
    const order = link.orderId === undefined ? {} : { orderId: link.orderId };
    if (cause === 'tap') this.#log.emit({ event: 'tap', uri: this.#uri(link), ...order, snapshot: this.snapshot });
    else this.#log.emit({ event: 'state', cause, ...order, snapshot: this.snapshot });
    if (cause === 'pay' || cause === 'cancel') return;

    const next = this.#sessions.nextLink();
    if (!next) return;
    const { connection, session, sequence } = next;
    if (connection.congested) {
      this.#log.emit({ event: 'dropped', connection: connection.name, code: 'congested' });
      return;
    }
    const { state, taps } = this.#device.look();
    const bytes = encodeMessage({ type: 'LINK', session, sequence, state, ...(taps && { taps }), ...order });
    this.#log.said(connection.name, bytes);
    this.#behaviours.say(connection, bytes);
  }

  /** Filled in once for each payment link: every event has it. */
  #uri(link: PaymentLink): string {
    if (this.#written?.link !== link) {
      const { serialNumber } = this.#settings.identity;
      this.#written = { link, uri: this.#settings.link({ ...link, serialNumber }) };
    }
    return this.#written.uri;
  }
}
