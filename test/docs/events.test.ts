import { describe, expect, it } from 'vitest';
import { Emulator, unplugAfterExecuting, VirtualClock } from '../../packages/emulator/src/index.js';
import { Client, type ClientEvents } from '../../packages/sdk/src/index.js';
import { readPage } from './markdown.js';

const page = readPage('docs/reference/events.md');
const NAMES = ['connected', 'disconnected', 'link', 'resolved'] as const;

/** The fields of each event, as the table names them. */
const holds = new Map(
  [...page.matchAll(/^\| `(\w+)` \|[^|]+\| (`[^|]+) \|$/gm)].map(([, name, cell]) => [
    name,
    [...cell!.matchAll(/`(\w+)`/g)].map(([, field]) => field),
  ]),
);

describe('docs/reference/events.md', () => {
  it('names every event', () => {
    const named = [...page.split('## In which order')[0]!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named).toEqual(NAMES);
  });

  it('has the fields of the events, and the order of the events', async () => {
    const clock = new VirtualClock();
    const emulator = new Emulator({ clock });
    const client = new Client({ transport: emulator.transport(), clock });
    const heard: string[] = [];
    const events = new Map<string, ClientEvents[keyof ClientEvents]>();
    for (const name of NAMES) {
      client.on(name, (event) => {
        heard.push(name);
        events.set(name, event);
      });
    }
    await clock.advance(1);
    void client.pay({ paymentMethod: 'TRUEMONEY', orderId: 'A1' }).then(() => heard.push('result'));
    await clock.advance(1);
    emulator.tap();
    await clock.advance(1);
    expect(heard.splice(0)).toEqual(['connected', 'result', 'link']);
    expect(events.get('link')).toEqual({ state: 'ready', taps: 1, orderId: 'A1' });

    emulator.use(unplugAfterExecuting());
    void client.pay({ paymentMethod: 'TRUEMONEY' }).then(({ pending }) => heard.push(`result, pending ${pending}`));
    await clock.advance(6000);
    emulator.plug();
    await clock.advance(3000);
    expect(heard).toEqual(['disconnected', 'result, pending true', 'connected', 'resolved']);

    expect(events.get('disconnected')).toMatchObject({ name: 'TransportError', code: 'disconnected' });
    for (const name of ['connected', 'resolved', 'link']) {
      expect(Object.keys(events.get(name)!).toSorted(), name).toEqual(holds.get(name)!.toSorted());
    }
    const closing = client.close();
    await clock.advance(1000);
    await closing;
    await emulator.close();
  });
});
