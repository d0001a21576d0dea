import { type Emulator, ignoreRequests, loseReplies, refuse, silent } from '@bluetap/emulator';
import { MessageType } from '@bluetap/protocol';
import { describe, expect, it } from 'vitest';
import { Client } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();

/** The transport of an emulated device, with this keepalive time. */
function withKeepAlive(emulator: Emulator, keepAliveMs: number) {
  const inner = emulator.transport();
  return { name: 'network', keepAliveMs, list: inner.list.bind(inner), open: inner.open.bind(inner) };
}

describe('a keepalive (C-13)', () => {
  it('is off if neither the client nor the transport sets a time', async () => {
    const { client, clock, within, requests } = start();
    await within(0, client.info());
    await clock.advance(3_600_000);
    expect(requests()).toEqual(['HELLO']);
  });

  it('asks while the client is idle, and starts again after each call', async () => {
    const { client, clock, within, requests } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    await clock.advance(9_999);
    expect(requests()).toEqual(['HELLO']);
    await within(0, client.pay(order));
    await clock.advance(9_999);
    expect(requests()).toEqual(['HELLO', 'PAY']);
    await clock.advance(1);
    expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS']);
    await clock.advance(10_000);
    expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS', 'STATUS']);
  });

  it('uses the time of the transport, unless the client has its own time', async () => {
    const { emulator, clock, requests } = start();
    const asking = new Client({ transport: withKeepAlive(emulator, 5000), clock });
    await clock.advance(5000);
    expect(requests().filter((type) => type === 'STATUS')).toHaveLength(1);
    await asking.close();
    const not = new Client({ transport: withKeepAlive(emulator, 5000), clock, keepAliveMs: 0 });
    await clock.advance(60_000);
    expect(requests().filter((type) => type === 'STATUS')).toHaveLength(1);
    await not.close();
  });

  it('notices a broken connection before the next command', async () => {
    const { client, emulator, clock, within, events, requests } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    const off = emulator.use(silent());
    await clock.advance(13_000);
    expect(events('disconnected')).toMatchObject([
      {
        code: 'disconnected',
        message:
          'EMU-0001 at emulator:1 has not answered STATUS for 3000 ms: the connection is broken, or the device hangs',
      },
    ]);
    off();
    expect(await within(2000, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    expect(requests().filter((type) => type === 'PAY')).toHaveLength(1);
  });

  it('repeats a lost request or reply', async () => {
    const { client, emulator, clock, within, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    emulator.use(ignoreRequests(1, { type: 'STATUS' }));
    emulator.use(loseReplies(1, { type: 'STATUS' }));
    await clock.advance(13_000);
    expect(events('disconnected')).toEqual([]);
  });

  it('never takes a session from another host, and two idle hosts do not disturb each other', async () => {
    const { client, emulator, clock, within, requests, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    const other = new Client({ transport: emulator.transport(), clock, keepAliveMs: 10_000 });
    await within(0, other.info());
    await clock.advance(600_000);
    expect(requests().filter((type) => type === 'HELLO')).toHaveLength(2);
    // The first host asked once, and was refused.
    expect(client.device).toBeUndefined();
    expect(other.device).toBeDefined();
    expect(events('disconnected')).toEqual([]);
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
    await other.close();
  });

  it('needs no new session, also after a long time', async () => {
    const { client, clock, within, requests } = start({ keepAliveMs: 1000 });
    await within(0, client.info());
    await clock.advance(1_000_000);
    expect(requests().filter((type) => type === 'HELLO')).toHaveLength(1);
    expect(requests().length).toBeGreaterThan(900);
    expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS', attempt: { sequence: 2 } });
  });

  it('sends nothing in a session without a sequence number left', async () => {
    const { client, clock, within, requests } = start({ keepAliveMs: 1000 });
    for (let count = 0; count < 255; count++) await within(0, client.pay(order));
    const before = requests().length;
    await clock.advance(10_000);
    expect(requests().length).toBe(before);
  });

  it('reports a change of the payment link that was lost', async () => {
    const { client, emulator, clock, within, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.pay(order));
    const off = emulator.use(silent());
    emulator.tap();
    off();
    await clock.advance(10_000);
    expect(events('link')).toMatchObject([{ state: 'ready', taps: 1 }]);
  });

  it('does not delay close(), and leaves no timer when the client is closed', async () => {
    const { client, emulator, clock, within, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    emulator.use(silent());
    await clock.advance(11_000);
    await within(0, client.close());
    expect(events('disconnected')).toEqual([]);
  });

  it('looks for the device again if it is unplugged in the turn of a refusal', async () => {
    const { client, emulator, clock, within, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    emulator.use({
      name: 'pull',
      onSend: (bytes, next, { request }) => {
        next(bytes);
        if (request?.type === MessageType.STATUS) queueMicrotask(() => queueMicrotask(() => emulator.unplug()));
      },
    });
    emulator.use(refuse(4, { type: 'STATUS' }));
    await clock.advance(10_000);
    expect(events('disconnected')).toHaveLength(1);
    emulator.plug();
    await clock.advance(1000);
    expect(client.device).toBeDefined();
  });

  it('counts a refusal of another kind as an answer', async () => {
    const { client, emulator, clock, within, events } = start({ keepAliveMs: 10_000 });
    await within(0, client.info());
    emulator.use(refuse(11, { type: 'STATUS' }));
    await clock.advance(20_000);
    expect(events('disconnected')).toEqual([]);
    expect(client.device).toBeDefined();
  });
});

it('a lost LINK message takes no session from another host either (C-13)', async () => {
  const { client, emulator, clock, within, requests, events } = start();
  await within(0, client.pay(order));
  let taps = 0;
  emulator.use({
    name: 'lose the first',
    onSend: (bytes, next, { request }) => {
      if (request || ++taps > 1) next(bytes);
    },
  });
  emulator.use(refuse(4, { type: 'STATUS' }));
  emulator.tap();
  emulator.tap();
  await clock.advance(10_000);
  expect(events('link')).toMatchObject([{ taps: 2 }]);
  expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS']);
  // The next call takes the session back.
  expect(await within(0, client.pay(order))).toMatchObject({ code: 'SUCCESS' });
});
