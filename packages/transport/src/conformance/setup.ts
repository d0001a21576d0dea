import type { Clock } from '../clock.js';
import type { DeviceInfo, Transport } from '../transport.js';

/** The argument of `conformanceCases`, from the test of a transport. */
export interface ConformanceSetup {
  /**
   * Imports the package under test: `() => import('@bluetap/transport-hid')`. Must work on a machine without a device.
   */
  load(): Promise<unknown>;
  /**
   * Makes a new transport and a new device, which is plugged in, for one case.
   * @param received The harness calls it with the bytes that reach the device, in order. Whole reports with padding are
   * allowed.
   */
  create(received: (bytes: Uint8Array) => void): Promise<ConformanceHarness>;
  /** The capabilities of the transport and its far end. They decide which cases exist, so that no case is skipped. */
  readonly has: ConformanceCapabilities;
  /** How long one wait of a case may last before the case fails, in milliseconds. Default 10000. */
  readonly watchdogMs?: number | undefined;
  /** How many channels one case opens, one after the other. Default 100. Use a smaller number if opening is slow. */
  readonly channels?: number | undefined;
  /** The clock of the watchdog. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/** The capabilities of a transport, its far end and its harness. */
export interface ConformanceCapabilities {
  /** The harness has `unplug` and `plug`. */
  readonly unplug: boolean;
  /** An unplugged device is not in the list. False if the list cannot know, as with a network address. */
  readonly listFollowsUnplug: boolean;
  /** The transport has `watch`, and its calls come within the time of the watchdog. */
  readonly watch: boolean;
  /** The result of a second open of the same device while the first channel is open. */
  readonly secondOpen: 'busy' | 'works';
  /** The harness has `greet` and `channelsClosed`. The far end knows which channels are open. */
  readonly seesChannels: boolean;
  /**
   * The harness has `stall` and `resume`, and a write of this many bytes then cannot finish. 0: it does not have them.
   */
  readonly stallBytes: number;
}

/** One transport with one device behind it, with control of both ends. The far end can be in another process. */
export interface ConformanceHarness {
  /** The transport under test. */
  readonly transport: Transport;
  /** Returns the device under test from the list. Default: the only device in the list. */
  readonly choose?: ((listed: readonly DeviceInfo[]) => DeviceInfo | undefined) | undefined;
  /**
   * Makes the device send these bytes, in order, to the newest channel. The bytes are whole frames. If the device does
   * not see a channel yet, `send` waits for it. Resolves when the device has sent the bytes or has lost them, because a
   * channel can end at any time.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Unplugs the device. Resolves when the system has noticed, so that a later open finds no device. */
  readonly unplug?: (() => Promise<void>) | undefined;
  /** Plugs the device in. Resolves when the device can be listed and opened. */
  readonly plug?: (() => Promise<void>) | undefined;
  /** Makes the device send these bytes once, as the first bytes of the next channel that opens. */
  readonly greet?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Resolves when the device sees no open channel. */
  readonly channelsClosed?: (() => Promise<void>) | undefined;
  /** Makes the device accept no more bytes, on any channel. */
  readonly stall?: (() => Promise<void>) | undefined;
  /** Makes the device accept bytes again. */
  readonly resume?: (() => Promise<void>) | undefined;
  /** Frees the device and the resources of the harness. Called once, after the suite has closed its channels. */
  dispose(): Promise<void>;
}
