import { encodeMessage, type Frame, type FrameErrorCode, MessageType } from '@bluetap/protocol';
import { EVENT_BIT, REPLY_BIT } from '@bluetap/protocol/tools';
import { type Transport, TransportError } from '@bluetap/transport';
import { bindMethods, checkOptions } from '@bluetap/transport/kit';
import { BehaviourStack, type BehaviourUse } from './behaviours/behaviour-stack.js';
import { aPower } from './contract/check-arguments.js';
import type { Connection, Peer } from './contract/connection.js';
import type { Behaviour, EmulatedDevice, Follower } from './contract/emulated-device.js';
import { checkState, type EmulatorState, isNfcFault } from './contract/emulator-state.js';
import type { PaymentLinkCause, SessionInfo, Snapshot } from './contract/events.js';
import type { NfcFault, PaymentLink, Tap } from './contract/payment-link.js';
import { Device } from './device/device.js';
import { LinkUris } from './device/link-uris.js';
import { encodeUriMessage } from './device/ndef.js';
import { type Counters, noCounts } from './events/counters.js';
import { EventLog } from './events/event-log.js';
import { Followers } from './events/followers.js';
import { InProcessTransport } from './listeners/in-process.js';
import { type EmulatorOptions, readOptions, type Settings } from './options.js';
import { DeviceConnection } from './session/connection.js';
import { DeviceSessions } from './session/device-sessions.js';

/**
 * An emulated BlueTap device: the device side of docs/protocol.md, for any number of connections. It answers as the
 * document says, until a behaviour changes that.
 *
 * A function of the program cannot stop the device half-way. If an `onEvent`, a behaviour, a peer or a follower throws
 * or rejects, the error goes to the option `onError`. The methods work detached and behind a Proxy.
 */
export class Emulator implements EmulatedDevice {
  readonly #settings: Settings;
  readonly #log: EventLog;
  readonly #device: Device;
  readonly #sessions: DeviceSessions<DeviceConnection>;
  readonly #connections = new Set<DeviceConnection>();
  readonly #followers: Followers;
  readonly #behaviours: BehaviourStack;
  readonly #uris: LinkUris;
  /** The request that the device handles now. */
  #handling: { readonly connection: string; readonly frameNumber: number } | undefined;
  #sessionChanged = false;
  #counters = noCounts();
  #plugged = true;
  #attachment = 1;
  #closed = false;
  #closing: Promise<void> | undefined;

  /**
   * @throws TypeError that names an option of a wrong type; RangeError that names an option whose value breaks its
   * rule.
   */
  constructor(options: EmulatorOptions = {}) {
    const settings = readOptions(options);
    this.#settings = settings;
    this.#followers = new Followers(settings.report);
    this.#uris = new LinkUris(settings.link, settings.identity.serialNumber);
    this.#log = new EventLog(settings.onEvent, settings.report);
    this.#behaviours = new BehaviourStack(this, this.#log, settings.report);
    const counts = settings.identity.tapSource !== 'none';
    this.#device = new Device(settings.clock, counts, {
      onChange: (cause, link) => this.#paymentLinkChanged(cause, link),
      onStuck: () => this.#restart(),
    });
    this.#sessions = new DeviceSessions(this.#device, settings.identity, settings.random, {
      onChange: () => {
        this.#sessionChanged = true;
      },
      onRepeat: () => this.#repeated(),
    });
    bindMethods(this);
  }

  /** What the device shows now. */
  get snapshot(): Snapshot {
    const { state, taps, remaining, live } = this.#device.look();
    const { serialNumber } = this.#settings.identity;
    const snapshot = { simulated: true, serialNumber, plugged: this.#plugged, state, taps } as const;
    if (!live) return snapshot;
    const { expiryTime: _, ...link } = live;
    return { ...snapshot, remaining, ...link, uri: this.#uris.of(live) };
  }

  /** Who has the session now, and the command that the device executed last. */
  get sessionInfo(): SessionInfo {
    const { bootId, open, lastCommand } = this.#sessions;
    const session = open ? { number: open.number, connection: open.connection.name } : null;
    // A copy: a listener may change its event.
    return { bootId, session, lastCommand: lastCommand ? { ...lastCommand } : null };
  }

  /** The names of the open connections, oldest first. */
  get connections(): readonly string[] {
    return [...this.#connections].map(({ name }) => name);
  }

  /** What has happened since the device was made, or since the last `reset`. */
  get counters(): Readonly<Counters> {
    return { ...this.#counters };
  }

  /** The behaviours that are used now, newest first, each with its number. */
  get behaviours(): readonly BehaviourUse[] {
    return this.#behaviours.uses;
  }

  /**
   * A phone reads the payment link. Returns the data that the phone receives, or undefined if no payment link is live.
   * The tag needs power but no cable, so a phone can read an unplugged device that has power. The device reports the
   * tap to an open session with LINK.
   */
  tap(): Tap | undefined {
    const link = this.#device.tap();
    if (!link) return undefined;
    this.#counters.taps++;
    const uri = this.#uris.of(link);
    return { ...link, uri, ndef: encodeUriMessage(uri), taps: this.#device.look().taps };
  }

  /**
   * The state of the NFC part. `true`: the NFC part is broken now, and the live payment link ends. `'on-pay'`: the
   * payment link stays live until the next PAY. That PAY fails and ends the payment link. Until the value is `false`
   * again, the device refuses every PAY with reason 6. `'stuck'`: the tag cannot be made blank. When the live payment
   * link has to end, the device does not answer and restarts. A power cycle does not change this value.
   */
  get nfcFault(): NfcFault {
    return this.#device.fault;
  }
  /** Breaks the NFC part, or repairs it: see the getter. */
  set nfcFault(fault: NfcFault) {
    if (!isNfcFault(fault)) throw new TypeError("nfcFault must be true, false, 'on-pay' or 'stuck'");
    this.#device.fault = fault;
  }

  /**
   * Expires the live payment link now, as if its time were over. The device reports this to an open session with LINK.
   * Returns false if no payment link is live.
   */
  expire(): boolean {
    return this.#device.expire();
  }

  /** False from `unplug` to `plug`. A host cannot open the device during this time. A new emulator is plugged in. */
  get plugged(): boolean {
    return this.#plugged;
  }

  /** True after `close` was called. Then the device cannot be used again. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The number of the current attachment. Each `plug` changes it. */
  get attachment(): number {
    return this.#attachment;
  }

  /**
   * Unplugs the cable. Every connection closes, and the session ends. With `power: 'lost'` the device also loses its
   * power: it loses the payment link and restarts when it is plugged in.
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
    if (wasPlugged) this.#followers.tell();
  }

  /** Plugs the cable in. Does nothing if the cable is plugged in or the emulator was closed. */
  plug(): void {
    if (this.#plugged || this.#closed) return;
    this.#plugged = true;
    this.#attachment++;
    this.#log.emit({ event: 'plug' });
    this.#followers.tell();
  }

  /**
   * Restarts the device. Every connection closes. After that the device has another boot id, and no session, last
   * command or payment link.
   */
  powerCycle(): void {
    this.unplug({ power: 'lost' });
    this.plug();
  }

  /** The device restarts by itself. Its cable stays as it is. */
  #restart(): void {
    const { plugged } = this;
    this.unplug({ power: 'lost' });
    if (plugged) this.plug();
  }

  /**
   * Puts a behaviour on top of the stack. Returns the function that removes it.
   * @throws TypeError if `behaviour` is not a behaviour.
   */
  use(behaviour: Behaviour): () => void {
    const { id } = this.#behaviours.use(behaviour);
    return () => void this.#behaviours.remove(id);
  }

  /** Removes the behaviour with this number. Returns false if there is none. */
  removeBehaviour(id: number): boolean {
    return this.#behaviours.remove(id);
  }

  /**
   * Brings the device to a known state: plugged in, restarted, no payment link, no behaviour, a working NFC part, and
   * all counters 0. Every connection closes.
   */
  reset(): void {
    this.#behaviours.removeAll();
    this.#device.fault = false;
    this.powerCycle();
    this.#counters = noCounts();
  }

  /** Returns what the device has and knows, as plain data. It has no session and no behaviours. */
  exportState(): EmulatorState {
    const { number } = this.#sessions;
    const { bootId, lastCommand } = this.sessionInfo;
    const device = { plugged: this.#plugged, nfcFault: this.#device.fault, paymentLink: this.#device.saved ?? null };
    return { format: 1, ...device, bootId, sessionNumber: number, lastCommand };
  }

  /**
   * Continues with a state that `exportState` returned, also of another device. Every connection closes. Behaviours and
   * counters stay.
   * @throws TypeError that names the property that is missing or breaks its rule. Then nothing has changed.
   */
  importState(state: EmulatorState): void {
    checkState(state);
    const { plugged, nfcFault, paymentLink, bootId, sessionNumber, lastCommand } = state;
    this.unplug({ power: 'lost' });
    this.#device.fault = nfcFault;
    this.#device.restore(paymentLink ?? undefined);
    this.#sessions.restore(bootId, sessionNumber, lastCommand ?? undefined);
    this.#log.emit({ event: 'restore', bootId, snapshot: this.snapshot });
    if (plugged) this.plug();
  }

  /**
   * Makes a transport in the same process, for the SDK. It uses no socket and no thread. It runs in virtual time if the
   * clock does.
   */
  transport(): Transport {
    return new InProcessTransport(this, this.#settings.report);
  }

  /**
   * Connects a host through a connection of any kind.
   * @throws TransportError (`not-found`) while the device is unplugged or closed; TypeError if `peer` is not a peer.
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
        this.#tellSession();
      },
    };
    const { clock, report } = this.#settings;
    const connection = new DeviceConnection(peer, clock, handlers, report);
    this.#connections.add(connection);
    this.#log.emit({ event: 'connected', connection: peer.name });
    return connection;
  }

  /**
   * Adds a follower. The emulator calls it each time the device is plugged in or unplugged, and when the emulator
   * closes. Returns the function that removes the follower.
   * @throws Error if the emulator was closed; TypeError if `follower` is not a follower.
   */
  follow(follower: Follower): () => void {
    Followers.check(follower);
    if (this.#closed) throw new Error(`${this} was closed: make a new Emulator`);
    return this.#followers.add(follower);
  }

  /**
   * Reports an error that a function of the program threw or rejected with. For code that opens connections. Never
   * throws.
   * @param where The name of the function, for people.
   */
  report(error: unknown, where: string): void {
    this.#settings.report(error, where);
  }

  /**
   * Unplugs the device permanently and closes its connections. Ends every timer, socket and process of the emulator.
   * Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Does the same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toString(): string {
    return `simulated device ${this.#settings.identity.serialNumber}`;
  }

  #cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.#plugged = false;
    this.#cut();
    this.#device.blank();
    this.#followers.tell();
    await this.#followers.close();
  }

  /** Handles a frame with a correct CRC. */
  #receive(frame: Frame, connection: DeviceConnection): void {
    // If the line echoes, the device must not answer its own replies.
    if (frame.type & (REPLY_BIT | EVENT_BIT)) {
      this.#log.emit({ event: 'dropped', connection: connection.name, code: 'not-a-request' });
      return;
    }
    if (frame.type === MessageType.PAY) this.#counters.payFrames++;
    const frameNumber = this.#log.received(connection.name, frame);
    this.#behaviours.request(connection, frame, frameNumber, (request) => {
      // A behaviour can pass a request on after its connection has closed. Then no host waits for the answer.
      if (!this.#connections.has(connection)) return undefined;
      this.#handling = { connection: connection.name, frameNumber };
      const bytes = this.#sessions.answer(request, connection);
      // The device has restarted instead.
      if (!bytes || !this.#connections.has(connection)) return undefined;
      const said = { bytes, frameNumber: this.#log.said(connection.name, bytes) };
      this.#tellSession();
      return said;
    });
  }

  /** Emits the change of the session after the event of its cause. */
  #tellSession(): void {
    if (!this.#sessionChanged) return;
    this.#sessionChanged = false;
    this.#log.emit({ event: 'session', ...this.sessionInfo });
  }

  #repeated(): void {
    this.#counters.repeats++;
    if (this.#handling) this.#log.emit({ event: 'repeat', ...this.#handling });
  }

  #paymentLinkChanged(cause: PaymentLinkCause, link: PaymentLink): void {
    const order = link.orderId === undefined ? {} : { orderId: link.orderId };
    if (cause === 'pay' && this.#device.look().live) this.#counters.paymentLinks++;
    if (this.#log.isHeard) {
      const { snapshot } = this;
      if (cause === 'tap') this.#log.emit({ event: 'tap', uri: this.#uris.of(link), ...order, snapshot });
      else this.#log.emit({ event: 'state', cause, ...order, snapshot });
    }
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
    this.#behaviours.say(connection, bytes, this.#log.said(connection.name, bytes));
  }
}
