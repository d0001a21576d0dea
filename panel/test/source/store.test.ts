import type { DeviceView } from '@bluetap/emulator/commands';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PanelInput } from '../../src/model/panel-input.js';
import type { DeviceSource, Sink } from '../../src/source/device-source.js';
import { Store } from '../../src/source/store.js';
import { devices, event, IDLE, message, NOW, PAY, SERIAL } from '../events.js';

/** A source that a test speaks for. */
class FakeSource implements DeviceSource {
  sink: Sink = () => {};
  reads = 0;
  answer: () => Promise<DeviceView> = async () => IDLE;

  start(sink: Sink): () => void {
    this.sink = sink;
    return () => {};
  }
  async command(): Promise<object> {
    return {};
  }
  async view(): Promise<DeviceView> {
    this.reads++;
    return this.answer();
  }
  retry(): void {}
}

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

function started() {
  const source = new FakeSource();
  const store = new Store(source);
  store.start();
  let drawn = 0;
  store.subscribe(() => drawn++);
  return { source, store, drawn: () => drawn };
}

const device = (store: Store) => store.state.devices[0]!;
const counters = (taps: number) => ({ ...IDLE, counters: { ...IDLE.counters, taps } });
const tap: PanelInput = event({ event: 'tap', uri: '', snapshot: { ...IDLE.snapshot, taps: 1 } });

describe('the store', () => {
  it('takes the first input at once, and those that follow together', async () => {
    const { source, store, drawn } = started();
    source.sink([devices()]);
    await vi.advanceTimersByTimeAsync(0);
    expect(device(store).serialNumber).toBe(SERIAL);
    const before = drawn();
    for (let number = 1; number <= 100; number++) source.sink([message(PAY, number)]);
    await vi.advanceTimersByTimeAsync(50);
    expect(device(store).rows).toHaveLength(100);
    expect(drawn() - before).toBe(1);
  });

  it('reads the view of a device after its events, at most twice a second', async () => {
    const { source, store } = started();
    source.answer = async () => counters(7);
    source.sink([devices()]);
    await vi.advanceTimersByTimeAsync(100);
    expect(source.reads).toBe(1);
    expect(device(store).view.counters.taps).toBe(7);
    for (let ms = 0; ms < 2000; ms += 100) {
      source.sink([tap]);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(2000);
    expect(source.reads).toBeGreaterThan(2);
    expect(source.reads).toBeLessThan(8);
    expect(device(store).view.counters.taps).toBe(7);
  });

  it('reads again if an event came while it read', async () => {
    const { source, store } = started();
    let answer = (_: DeviceView) => {};
    source.answer = () => new Promise((resolve) => (answer = resolve));
    source.sink([devices()]);
    await vi.advanceTimersByTimeAsync(10);
    source.sink([tap]);
    await vi.advanceTimersByTimeAsync(100);
    answer(counters(0));
    source.answer = async () => counters(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.reads).toBe(2);
    expect(device(store).view.counters.taps).toBe(1);
  });

  it('does not read while the emulator is not reachable', async () => {
    const { source } = started();
    source.answer = () => Promise.reject(new Error('gone'));
    source.sink([devices(), { input: 'reach', reach: { kind: 'lost', retryAt: NOW } }]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(source.reads).toBe(0);
  });

  it('numbers the marks of a device, and forgets its steps', async () => {
    const { source, store } = started();
    source.sink([devices(), event({ event: 'command', do: 'tap', parameters: {}, by: 'http' })]);
    await vi.advanceTimersByTimeAsync(0);
    store.mark(SERIAL);
    await vi.advanceTimersByTimeAsync(50);
    store.mark(SERIAL);
    await vi.advanceTimersByTimeAsync(50);
    expect(device(store).rows.map((row) => row.kind === 'event' && row.text)).toEqual(['mark 1', 'mark 2']);
    expect(device(store).record.map(({ event: name }) => name)).toEqual(['command', 'mark', 'mark']);
    expect(device(store).steps).toHaveLength(1);
    store.forgetSteps(SERIAL);
    expect(device(store).steps).toEqual([]);
  });
});
