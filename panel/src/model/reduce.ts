import type { DeviceView } from '@bluetap/emulator/commands';
import { afterEvent } from './device-events.js';
import { type DeviceModel, MOST_KEPT, newDevice, withView } from './device-model.js';
import { eventRow } from './event-row.js';
import { noted, withEffect, withRepeat } from './frame-effects.js';
import { answerRow, frameRow } from './frame-row.js';
import type { PanelEvent, PanelInput, Reach, ServiceInfo } from './panel-input.js';
import type { FrameRow, Row } from './row.js';

/** Everything that the page knows, as plain data. It never changes. Each step makes a new state. */
export interface PanelState {
  readonly reach: Reach;
  /** The process of the emulator. */
  readonly service?: string | undefined;
  readonly info: ServiceInfo;
  readonly devices: readonly DeviceModel[];
}

/** What the page knows before it has reached the emulator. */
export const NOTHING_KNOWN: PanelState = {
  reach: { kind: 'connecting' },
  info: { addresses: [], triggers: false, scenario: false },
  devices: [],
};

/**
 * Returns the state after some inputs. They come in one batch, so that a thousand events cost one copy of the list.
 * @param now Milliseconds since 1970, of this browser's clock.
 */
export function reduce(state: PanelState, inputs: readonly PanelInput[], now: number): PanelState {
  const batch = new Batch(state, now);
  for (const input of inputs) batch.take(input);
  return batch.state;
}

/** A device while a batch changes it. Its rows are copied at the first change only. */
interface OpenDevice {
  device: DeviceModel;
  rows: Row[] | undefined;
  record: PanelEvent[] | undefined;
}

class Batch {
  #state: PanelState;
  readonly #now: number;
  readonly #open = new Map<string, OpenDevice>();

  constructor(state: PanelState, now: number) {
    this.#state = state;
    this.#now = now;
    for (const device of state.devices) this.#add(device);
  }

  get state(): PanelState {
    const devices = [...this.#open.values()].map(({ device, rows, record }) =>
      rows || record
        ? { ...device, rows: newest(rows ?? device.rows), record: newest(record ?? device.record) }
        : device,
    );
    const same =
      devices.length === this.#state.devices.length && devices.every((each, at) => each === this.#state.devices[at]);
    return same ? this.#state : { ...this.#state, devices };
  }

  take(input: PanelInput): void {
    switch (input.input) {
      case 'reach':
        this.#state = { ...this.#state, reach: input.reach };
        return;
      case 'devices':
        this.#start(input.service, input.devices, input.info);
        return;
      case 'view': {
        const open = this.#open.get(input.view.snapshot.serialNumber);
        if (open) open.device = withView(open.device, input.view, this.#now);
        return;
      }
      case 'skipped':
        for (const open of this.#open.values()) this.#skipped(open, input.count, input.time);
        return;
      case 'event': {
        const open = this.#open.get(input.event.serialNumber);
        if (open) this.#event(open, input.event);
      }
    }
  }

  #add(device: DeviceModel): void {
    this.#open.set(device.serialNumber, { device, rows: undefined, record: undefined });
  }

  /** Keeps the rows if the emulator was started again, so that a person can still read the reason. */
  #start(service: string, views: readonly DeviceView[], info: ServiceInfo): void {
    const again = this.#state.service !== undefined && service !== this.#state.service;
    const known = new Map(this.#open);
    this.#open.clear();
    for (const view of views) {
      const { serialNumber } = view.snapshot;
      const old = known.get(serialNumber);
      if (old) this.#open.set(serialNumber, { ...old, device: withView(old.device, view, this.#now) });
      else this.#add(newDevice(view, this.#now));
      const open = this.#open.get(serialNumber)!;
      if (again && old) this.#startedAgain(open);
      // Events that are told again follow, and change the view as if they were new.
      open.device = { ...open.device, stale: true };
    }
    this.#state = { ...this.#state, reach: { kind: 'live' }, service, info };
  }

  #event(open: OpenDevice, event: PanelEvent): void {
    const rows = this.#rows(open);
    open.record ??= [...open.device.record];
    open.record.push(event);
    open.device = afterEvent(open.device, event, this.#now);
    if (event.event === 'mark') open.device = { ...open.device, marks: event.mark };
    switch (event.event) {
      case 'message':
      case 'frame':
        rows.push(frameRow(event, this.#place(open, event.time)));
        return;
      case 'repeat':
        replace(rows, event.frameNumber, withRepeat);
        return;
      case 'behaviour':
        replace(rows, event.frameNumber, (row) => withEffect(row, event, event.time));
        if (event.answerNumber === undefined) return;
        rows.push(
          noted(
            answerRow(
              { frameNumber: event.answerNumber, connection: event.connection, wire: event.wire ?? '' },
              this.#place(open, event.time),
            ),
            'bad',
            `answered by ${event.name}, not by the device`,
          ),
        );
        return;
      default: {
        const row = eventRow(event, open.device.nextKey);
        if (!row) return;
        rows.push(row);
        open.device = { ...open.device, nextKey: row.key + 1 };
      }
    }
  }

  #startedAgain(open: OpenDevice): void {
    const place = this.#place(open, new Date(this.#now).toISOString());
    this.#rows(open).push({ kind: 'event', ...place, text: 'the emulator was started again', tone: 'warn' });
    open.device = { ...open.device, spent: [], sessionSince: undefined };
  }

  #skipped(open: OpenDevice, count: number, time: string): void {
    const { key } = this.#place(open, time);
    const text = `${count} events are missing here: the page was too slow to read them`;
    this.#rows(open).push({ kind: 'event', key, time, text, tone: 'warn' });
    open.device = { ...open.device, stale: true };
  }

  #rows(open: OpenDevice): Row[] {
    open.rows ??= [...open.device.rows];
    return open.rows;
  }

  #place(open: OpenDevice, time: string): { readonly key: number; readonly time: string } {
    const key = open.device.nextKey;
    open.device = { ...open.device, nextKey: key + 1 };
    return { key, time };
  }
}

/** Replaces the row of a frame. Searches from the end, because the frame came a short time ago. */
function replace(rows: Row[], frameNumber: number, change: (row: FrameRow) => FrameRow): void {
  const at = rows.findLastIndex((row) => row.kind === 'frame' && row.frameNumber === frameNumber);
  if (at >= 0) rows[at] = change(rows[at] as FrameRow);
}

function newest<Item>(items: readonly Item[]): readonly Item[] {
  return items.length > MOST_KEPT ? items.slice(-MOST_KEPT) : items;
}
