import { systemClock } from '../clock.js';
import type { AbortOptions, DeviceInfo, Transport } from '../transport.js';
import { checkThat, inWords } from './check.js';
import { delimited, type FrameBytes, Inbox, numberedFrame } from './frames.js';
import { HostEnd } from './host-end.js';
import type { ConformanceHarness, ConformanceSetup } from './setup.js';

/** A channel under test. The watchdog watches every call. */
export interface BenchChannel {
  readonly end: HostEnd;
  write(bytes: Uint8Array, options?: AbortOptions): Promise<void>;
  close(): Promise<void>;
}

/** The result of a promise. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

class WaitedInVain extends Error {
  constructor(what: string, ms: number) {
    super(`timed out after ${ms} ms while waiting for ${what}`);
  }
}

/** The tools of one case, and the rules of every case. */
export class Bench {
  /** The frames that reached the device. */
  readonly atDevice = new Inbox();
  readonly #setup: ConformanceSetup;
  #harness: ConformanceHarness | undefined;
  readonly #channels: BenchChannel[] = [];
  readonly #ends: HostEnd[] = [];
  #running: string | undefined;

  constructor(setup: ConformanceSetup) {
    this.#setup = setup;
  }

  async create(): Promise<void> {
    this.#harness = await this.within(
      'create()',
      this.#setup.create((bytes) => this.atDevice.push(bytes)),
    );
  }

  get transport(): Transport {
    return this.harness.transport;
  }

  /** The number of channels in the case that opens many channels. */
  get channels(): number {
    return this.#setup.channels ?? 100;
  }

  get harness(): ConformanceHarness {
    checkThat(this.#harness !== undefined, 'the harness was not created');
    return this.#harness;
  }

  /** Waits for `promise`. If it takes too long, fails with a message that says what the case waited for. */
  async within<T>(what: string, promise: Promise<T>): Promise<T> {
    const { clock = systemClock, watchdogMs = 10_000 } = this.#setup;
    let timer: unknown;
    const tooLong = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(() => reject(new WaitedInVain(what, watchdogMs)), watchdogMs);
    });
    try {
      return await Promise.race([promise, tooLong]);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  /** One full turn of the event loop. */
  turn(): Promise<void> {
    const { clock = systemClock } = this.#setup;
    return new Promise((resolve) => {
      clock.setTimeout(resolve, 0);
    });
  }

  load(): Promise<unknown> {
    return this.within('load()', this.#setup.load());
  }

  list(options?: AbortOptions): Promise<readonly DeviceInfo[]> {
    return this.#call('list', () => this.transport.list(options));
  }

  /** The device under test, as it is listed now. */
  async device(): Promise<DeviceInfo> {
    const device = this.choose(await this.list());
    checkThat(device !== undefined, 'the device under test is not in the list');
    return device;
  }

  choose(listed: readonly DeviceInfo[]): DeviceInfo | undefined {
    if (this.harness.choose) return this.harness.choose(listed);
    checkThat(
      listed.length < 2,
      `${listed.length} devices are listed: the harness needs choose() to say which device is under test`,
    );
    return listed[0];
  }

  async open(options?: AbortOptions): Promise<BenchChannel> {
    return this.openDevice(await this.device(), options);
  }

  async openDevice(device: DeviceInfo, options?: AbortOptions): Promise<BenchChannel> {
    const end = new HostEnd(() => this.#running);
    this.#ends.push(end);
    try {
      const channel = await this.#call('open', () => this.transport.open(device, end.handlers, options));
      const watched: BenchChannel = {
        end,
        write: (bytes, writeOptions) => this.#call('write', () => channel.write(bytes, writeOptions)),
        close: () => this.#call('close', () => channel.close()),
      };
      this.#channels.push(watched);
      return watched;
    } catch (error) {
      end.refuse();
      throw error;
    }
  }

  /** The result of a call of the transport, which a case can await later. Rejects if the watchdog ended the call. */
  outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
    const outcome = promise.then(
      (value) => ({ value }),
      (error) => {
        if (error instanceof WaitedInVain) throw error;
        return { error };
      },
    );
    outcome.catch(() => {}); // a case that has already failed does not await it
    return outcome;
  }

  /** Returns the error with which `promise` rejects. If `promise` resolves, the case fails. */
  async rejection(what: string, promise: Promise<unknown>): Promise<unknown> {
    const outcome = await this.outcome(promise);
    checkThat('error' in outcome, `${what} resolved instead of rejecting`);
    return outcome.error;
  }

  /** Fails unless `promise` rejects with exactly this reason. */
  async rejectsWith(reason: unknown, what: string, promise: Promise<unknown>): Promise<void> {
    const error = await this.rejection(what, promise);
    checkThat(error === reason, `${what}: expected the reason of the signal, got ${inWords(error)}`);
  }

  send(...frames: readonly FrameBytes[]): Promise<void> {
    return this.within('the device to send', this.harness.send(delimited(...frames)));
  }

  /** Waits until these frames reached the device, in this order and with nothing between them. */
  reachDevice(...frames: readonly FrameBytes[]): Promise<void> {
    return this.within(`${frames.length} frames to reach the device`, this.atDevice.expect(frames));
  }

  /** Waits until these frames reached the host, in this order and with nothing between them. */
  reachHost(channel: BenchChannel, ...frames: readonly FrameBytes[]): Promise<void> {
    return this.within(`${frames.length} frames to reach the host`, channel.end.inbox.expect(frames));
  }

  unplug(): Promise<void> {
    return this.#harnessCall('unplug');
  }

  plug(): Promise<void> {
    return this.#harnessCall('plug');
  }

  stall(): Promise<void> {
    return this.#harnessCall('stall');
  }

  resume(): Promise<void> {
    return this.#harnessCall('resume');
  }

  channelsClosed(): Promise<void> {
    return this.#harnessCall('channelsClosed');
  }

  async greet(frame: FrameBytes): Promise<void> {
    checkThat(this.harness.greet, 'the setup declares seesChannels, but the harness has no greet()');
    await this.within('greet()', this.harness.greet(delimited(frame)));
  }

  /** Sends a frame in each direction. Older bytes that are still under way are ignored. */
  async exchange(channel: BenchChannel): Promise<void> {
    const frame = numberedFrame(200, 50);
    await channel.write(delimited(frame));
    await this.within('a frame to reach the device', this.atDevice.find(frame));
    await this.send(frame);
    await this.within('a frame to reach the host', channel.end.inbox.find(frame));
  }

  /**
   * Ends every case. It closes the channels of the case, opens another channel and sends a frame in each direction.
   * This finds the faults of a broken transport: a device that is still in use, a handler that is called late.
   */
  async finish(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close()));
    const last = await this.open();
    await this.exchange(last);
    await last.close();
    if (this.#setup.has.seesChannels) await this.channelsClosed();
    for (const end of this.#ends) end.checkRules();
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#channels.map((channel) => channel.close()));
    if (this.#harness) await this.within('dispose()', this.#harness.dispose());
  }

  /**
   * Runs a call of the transport, and notes that the call is on the stack. The watchdog watches the returned promise.
   */
  async #call<T>(name: string, call: () => Promise<T>): Promise<T> {
    const outer = this.#running;
    this.#running = name;
    let promise: Promise<T>;
    try {
      promise = call();
    } catch (error) {
      throw new Error(`${name} threw ${inWords(error)} instead of returning a promise`);
    } finally {
      this.#running = outer;
    }
    return await this.within(`${name} to settle`, promise);
  }

  async #harnessCall(name: 'unplug' | 'plug' | 'stall' | 'resume' | 'channelsClosed'): Promise<void> {
    const harness = this.harness;
    const call = harness[name]?.bind(harness);
    checkThat(call, `the setup declares a capability that needs ${name}(), but the harness has no ${name}()`);
    await this.within(`${name}()`, call());
  }
}
