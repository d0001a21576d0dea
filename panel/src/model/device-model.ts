import type { BehaviourView, DeviceView } from '@bluetap/emulator/commands';
import type { CommandEvent, PanelEvent } from './panel-input.js';
import type { Row } from './row.js';

/** A behaviour that has acted on all its messages. */
export interface SpentBehaviour {
  readonly behaviour: BehaviourView;
  /** When it acted last. */
  readonly time: string;
}

/** What the page knows of one device. */
export interface DeviceModel {
  readonly serialNumber: string;
  /** Everything that can be seen of it. Kept up to date with the events. */
  readonly view: DeviceView;
  /** When the live payment link expires, in milliseconds since 1970 of this browser's clock. */
  readonly deadline?: number | undefined;
  /** The whole lifetime of the live payment link in seconds. */
  readonly lifetime?: number | undefined;
  /** When the session opened, if the page saw it. */
  readonly sessionSince?: string | undefined;
  /** The newest last. At most `MOST_KEPT`. */
  readonly rows: readonly Row[];
  /** All events, for the record. At most `MOST_KEPT`. */
  readonly record: readonly PanelEvent[];
  /** Behaviours that do not act any more, newest first. */
  readonly spent: readonly SpentBehaviour[];
  /** The commands, oldest first, for the code samples. */
  readonly steps: readonly CommandEvent[];
  /** True if the page must ask for the view again: an event does not tell everything. */
  readonly stale: boolean;
  /** The key of the next row. */
  readonly nextKey: number;
  readonly marks: number;
}

/** How many rows and events the page keeps of a device. */
export const MOST_KEPT = 20_000;
/** How many commands the code samples show. */
export const MOST_STEPS = 30;

/** Returns a device from its view. @param now Milliseconds since 1970. */
export function newDevice(view: DeviceView, now: number): DeviceModel {
  const empty = { rows: [], record: [], spent: [], steps: [], stale: false, nextKey: 1, marks: 0 };
  return withView({ serialNumber: view.snapshot.serialNumber, view, ...empty }, view, now);
}

/** Returns the device with a new view. */
export function withView(device: DeviceModel, view: DeviceView, now: number): DeviceModel {
  return { ...device, ...countdown(device, view.snapshot.remaining, now), view, stale: false };
}

/** When the payment link expires and how long it lives. `remaining` is in seconds; undefined if none is live. */
export function countdown(
  { deadline, lifetime }: Pick<DeviceModel, 'deadline' | 'lifetime'>,
  remaining: number | undefined,
  now: number,
): Pick<DeviceModel, 'deadline' | 'lifetime'> {
  if (remaining === undefined) return { deadline: undefined, lifetime: undefined };
  const next = now + remaining * 1000;
  // `remaining` is rounded up, so the earlier of two guesses is the better one, unless it is another payment link.
  const same = deadline !== undefined && Math.abs(next - deadline) < 1500;
  return { deadline: same ? Math.min(deadline, next) : next, lifetime: Math.max(lifetime ?? 0, remaining) };
}
