import type { Clock } from '../clock.js';
import type { DeviceInfo, Transport } from '../transport.js';

/** What the test of a transport gives to `conformanceCases`. */
export interface ConformanceSetup {
  /** Imports the package under test: `() => import('@bluetap/transport-hid')`. Must work where no device exists. */
  load(): Promise<unknown>;
  /**
   * A fresh transport and a fresh, plugged-in device, for one case.
   * @param received to be called with what reaches the device, in order: whole reports, padding included, is fine.
   */
  create(received: (bytes: Uint8Array) => void): Promise<ConformanceHarness>;
  /** What this transport and its far side can do. It decides which cases exist, so that none is skipped unseen. */
  readonly has: ConformanceCapabilities;
  /** How long one wait of a case may last before the case fails, in milliseconds. Default 10000. */
  readonly watchdogMs?: number | undefined;
  /** How many channels one case opens, one after the other. Default 100; fewer where opening is slow. */
  readonly channels?: number | undefined;
  /** Times the watchdog. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/** What a transport, its far side and its harness can do. */
export interface ConformanceCapabilities {
  /** The harness has `unplug` and `plug`. */
  readonly unplug: boolean;
  /** An unplugged device is missing from the list. False where a list cannot know, as with a network address. */
  readonly listFollowsUnplug: boolean;
  /** The transport has `watch`, and its calls come within the watchdog's time. */
  readonly watch: boolean;
  /** What a second open of the same device does while the first is open. */
  readonly secondOpen: 'busy' | 'works';
  /** The harness has `greet` and `channelsClosed`: the far side knows of open channels. */
  readonly seesChannels: boolean;
  /** The harness has `stall` and `resume`, and a write of this many bytes then cannot finish. 0: it has not. */
  readonly stallBytes: number;
}

/** One transport with one device behind it, seen from both ends. The far side may live in another process. */
export interface ConformanceHarness {
  /** The transport under test. */
  readonly transport: Transport;
  /** Which of the listed devices is the one under test. Default: the only one in the list. */
  readonly choose?: ((listed: readonly DeviceInfo[]) => DeviceInfo | undefined) | undefined;
  /**
   * The device sends these bytes, in order, to the newest channel; the bytes are whole frames. Resolves when the device has
   * let go of them or has lost them, for a channel may end at any time; waits for a channel that the device does not see yet.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** Takes the device away; resolves when the system has noticed, so that an open begun now meets no device. */
  readonly unplug?: (() => Promise<void>) | undefined;
  /** Gives it back; resolves when it can be listed and opened. */
  readonly plug?: (() => Promise<void>) | undefined;
  /** From the next channel that opens, the device sends these bytes on its own, as the first thing, once. */
  readonly greet?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Resolves when the device sees no open channel. */
  readonly channelsClosed?: (() => Promise<void>) | undefined;
  /** The device takes no more bytes, on any channel. */
  readonly stall?: (() => Promise<void>) | undefined;
  /** The device takes bytes again. */
  readonly resume?: (() => Promise<void>) | undefined;
  /** Frees the device and all that the harness holds. Called once, after the suite has closed its channels. */
  dispose(): Promise<void>;
}
