import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { mendPoller, type PortPoller } from '../src/mend-poller.js';

const READABLE = 1;
const WRITABLE = 2;

class FakePoller extends EventEmitter implements PortPoller {
  readonly polled: (number | undefined)[] = [];

  poll(flags?: number): void {
    this.polled.push(flags);
  }
}

it('a waiting write does not end the wait of a read, and a waiting read does not end the wait of a write', () => {
  const poller = new FakePoller();
  mendPoller(poller);
  poller.once('readable', () => {});
  poller.poll(WRITABLE);
  poller.once('writable', () => {});
  poller.poll(READABLE);
  poller.removeAllListeners();
  poller.poll();
  expect(poller.polled).toEqual([READABLE | WRITABLE, READABLE | WRITABLE, 0]);
});

it('an event comes in a separate turn, with its arguments', async () => {
  const poller = new FakePoller();
  mendPoller(poller);
  const told: unknown[] = [];
  poller.once('readable', (error) => told.push(error));
  expect(poller.emit('readable', 'why')).toBe(true);
  expect(poller.emit('writable')).toBe(false);
  expect(told).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['why']);
});
