import { VirtualClock } from '@bluetap/emulator';
import type { Message, PayAccepted } from '@bluetap/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Client, TinyCommand } from '../../src/index.js';
import { order, within } from '../rig.js';
import { helloOf, scriptedDevice } from '../scripted-device.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const paid = ({ session, sequence }: Message, more: Partial<PayAccepted> = {}): Message => ({
  type: 'PAY_REPLY',
  session,
  sequence,
  result: 'SUCCESS',
  state: 'ready',
  remaining: 1,
  ...more,
});
const link = (sequence: number, state: 'ready' | 'expired' | 'idle', taps = 0, session = 5): Message => ({
  type: 'LINK',
  session,
  sequence,
  state,
  ...(taps > 0 && { taps }),
});

/** A client of a scripted device, and everything that its program gets, in order. */
function start(answer: Parameters<typeof scriptedDevice>[0]) {
  const clock = new VirtualClock();
  const device = scriptedDevice(answer);
  const tiny = new TinyCommand({ transport: device.transport, clock, random: () => 1 });
  const { client } = tiny;
  open.push(client);
  const heard: string[] = [];
  client.on('connected', ({ state, taps }) => heard.push(`connected ${state} ${taps}`));
  client.on('link', ({ state, taps }) => heard.push(`link ${state} ${taps}`));
  client.on('disconnected', () => heard.push('disconnected'));
  client.on('resolved', ({ outcome, linkLive, state }) => heard.push(`resolved ${outcome} ${linkLive} ${state}`));
  return { clock, device, tiny, client, heard, settle: () => clock.advance(0) };
}

describe('results and events come in the order of the wire (C-7)', () => {
  it('a reply and the end of its payment link in one chunk: the result comes first, and does not call the payment link live', async () => {
    const { client, heard, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(1, 'expired')],
    );
    const result = client.pay(order).then((result) => {
      heard.push(`pay ${result.code} ${result.linkLive} ${result.state} ${result.remaining}`);
      return result;
    });
    await settle();
    expect(heard).toEqual(['connected idle 0', 'pay SUCCESS no expired 0', 'link expired 0']);
    expect(await result).toMatchObject({ outcome: 'executed', taps: 0 });
  });

  it('the same through the vendor call, and through async functions of the program itself', async () => {
    const { tiny, heard, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(1, 'expired')],
    );
    const own = async () => await tiny.sendPayCommand(order);
    const more = async () => await own();
    void more().then((code) => heard.push(code));
    await settle();
    expect(heard).toEqual(['connected idle 0', 'SUCCESS', 'link expired 0']);
  });

  it('a tap in the chunk of the reply is in the result, and its event comes after the result', async () => {
    const { client, heard, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(1, 'ready', 1), link(2, 'expired', 1)],
    );
    void client.pay(order).then(({ linkLive, state, taps }) => heard.push(`pay ${linkLive} ${state} ${taps}`));
    await settle();
    expect(heard).toEqual(['connected idle 0', 'pay no expired 1', 'link ready 1', 'link expired 1']);
  });

  it('a tap alone leaves the payment link live in the result', async () => {
    const { client, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(1, 'ready', 1)],
    );
    const result = client.pay(order);
    await settle();
    expect(await result).toMatchObject({ linkLive: 'yes', state: 'ready', remaining: 1, taps: 1 });
  });

  it('an event before the reply comes before the result', async () => {
    const { client, heard, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request, { state: 'ready' })] : [link(1, 'expired'), paid(request)],
    );
    void client.pay(order).then(({ linkLive, state }) => heard.push(`pay ${linkLive} ${state}`));
    await settle();
    expect(heard).toEqual(['connected ready 0', 'link expired 0', 'pay yes ready']);
  });

  it('two calls and their LINK messages: each in its place', async () => {
    let links = 0;
    const { client, heard, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(++links, 'expired')],
    );
    for (const name of ['first', 'second', 'third']) void client.pay(order).then(() => heard.push(name));
    await settle();
    expect(heard).toEqual([
      'connected idle 0',
      'first',
      'link expired 0',
      'second',
      'link expired 0',
      'third',
      'link expired 0',
    ]);
  });

  it.each([
    ['CANCEL', { type: 'CANCEL_REPLY', result: 'PROCESS_FAIL', reason: 11, state: 'ready' }, 'no expired'],
    ['CANCEL', { type: 'CANCEL_REPLY', result: 'SUCCESS', state: 'expired', taps: 1 }, 'no expired'],
  ] as const)('a reply to %s, refused or not, does not say what is over', async (_, reply, expected) => {
    const { client, settle } = start((request) => {
      const { session, sequence } = request;
      return request.type === 'HELLO'
        ? [helloOf(request, { state: 'ready' })]
        : [{ ...reply, session, sequence } as Message, link(1, 'expired', 2)];
    });
    const result = client.cancel();
    await settle();
    expect(`${(await result).linkLive} ${(await result).state}`).toBe(expected);
  });

  it('STATUS does not describe a payment link that is over', async () => {
    const { client, heard, settle } = start((request) => {
      const { session, sequence, type } = request;
      const status = { type: 'STATUS_REPLY', session, sequence, result: 'SUCCESS', state: 'ready' } as const;
      return type === 'HELLO'
        ? [helloOf(request, { state: 'ready' })]
        : [{ ...status, remaining: 5, paymentMethod: 'TRUEMONEY' }, link(1, 'expired', 1)];
    });
    void client.status().then((status) => heard.push(JSON.stringify(status)));
    await settle();
    expect(heard).toEqual(['connected ready 0', '{"state":"expired","taps":1}', 'link expired 1']);
  });

  it('LINK messages behind the answer to a question of the client itself: each is told once, behind that answer', async () => {
    const { heard, settle } = start((request) => {
      const { session, sequence, type } = request;
      if (type === 'HELLO') return [helloOf(request, { state: 'ready' }), link(2, 'ready', 2)];
      const status = { type: 'STATUS_REPLY', session, sequence, result: 'SUCCESS', state: 'ready' } as const;
      return [
        { ...status, taps: 3, remaining: 5, paymentMethod: 'TRUEMONEY' },
        link(3, 'ready', 4),
        link(4, 'expired', 4),
      ];
    });
    await settle();
    expect(heard).toEqual(['connected ready 0', 'link ready 2', 'link ready 3', 'link ready 4', 'link expired 4']);
  });

  it('the device is unplugged in the turn of the reply: the result comes first', async () => {
    const { client, heard, settle, device } = start((request) => {
      if (request.type === 'HELLO') return [helloOf(request)];
      queueMicrotask(() => queueMicrotask(() => device.unplug()));
      return [paid(request)];
    });
    void client.pay(order).then(({ code }) => heard.push(code));
    await settle();
    expect(heard.slice(0, 3)).toEqual(['connected idle 0', 'SUCCESS', 'disconnected']);
  });

  it.each<[string, readonly Message[], Partial<PayAccepted>]>([
    ['expired, then live', [link(1, 'expired'), link(2, 'ready', 1)], {}],
    ['the same in the wrong order', [link(2, 'expired'), link(1, 'ready')], {}],
    ['live behind a reply that says it is over', [link(1, 'ready')], { state: 'expired', remaining: 0 }],
  ])('LINK says %s: what is over stays over (C-7, C-11)', async (_name, links, reply) => {
    const { client, heard, settle } = start((request) => {
      if (request.type === 'HELLO') return [helloOf(request)];
      if (request.type === 'PAY') return [paid(request, reply), ...links];
      const { session, sequence } = request;
      return [{ type: 'STATUS_REPLY', session, sequence, result: 'SUCCESS', state: 'expired' }];
    });
    void client.pay(order).then(({ code, linkLive, state }) => heard.push(`pay ${code} ${linkLive} ${state}`));
    await settle();
    expect(heard.filter((each) => each !== 'link expired 0')).toEqual(['connected idle 0', 'pay SUCCESS no expired']);
    expect(client.statistics.contradictions).toBe(1);
  });

  it('a LINK of a new payment link can come before the reply to its PAY, also if the earlier payment link was over (C-7)', async () => {
    const { client, settle, device } = start((request) => {
      if (request.type === 'HELLO') return [helloOf(request)];
      if (request.type === 'PAY') return [link(request.sequence, 'ready', 1), paid(request)];
      const { session, sequence } = request;
      return [{ type: 'CANCEL_REPLY', session, sequence, result: 'SUCCESS', state: 'cancelled' }];
    });
    for (const call of [client.pay(order), client.cancel()]) void call;
    await settle();
    expect(device.types()).toEqual(['HELLO', 'PAY', 'CANCEL']);
    const again = client.pay(order);
    await settle();
    expect(await again).toMatchObject({ linkLive: 'yes' });
    expect(client.statistics.contradictions).toBe(0);
  });

  it('a listener ends the payment link in an event that came before a reply: the reply counts (C-1)', async () => {
    const { client, heard, settle, device } = start((request) =>
      request.type === 'HELLO'
        ? [helloOf(request)]
        : [paid(request), ...(request.sequence === 1 ? [link(1, 'expired')] : [])],
    );
    client.on('link', () => device.unplug());
    void client.pay(order).then(({ code, linkLive }) => heard.push(`first ${code} ${linkLive}`));
    void client.pay(order).then(({ code, linkLive, state }) => heard.push(`second ${code} ${linkLive} ${state}`));
    await settle();
    expect(heard.slice(0, 5)).toEqual([
      'connected idle 0',
      'first SUCCESS no',
      'link expired 0',
      'disconnected',
      'second SUCCESS yes ready',
    ]);
  });

  it('the end of a doubt: the result and `resolved` rest on the latest message', async () => {
    let sessions = 4;
    const { client, clock, heard } = start((request) => {
      if (request.type !== 'HELLO') return [];
      const session = ++sessions;
      const first = session === 5;
      const hello = helloOf(
        request,
        first ? {} : { session, state: 'ready', lastCommand: { session: 5, sequence: 1 } },
      );
      return first ? [hello] : [hello, link(1, 'expired', 1, session)];
    });
    void client
      .pay(order)
      .then(({ code, linkLive, state, taps }) => heard.push(`pay ${code} ${linkLive} ${state} ${taps}`));
    await clock.advance(4000);
    expect(heard).toEqual(['connected idle 0', 'link ready 0', 'link expired 1', 'pay SUCCESS no expired 1']);

    void client.pay(order, { timeoutMs: 500 }).then(({ outcome }) => heard.push(outcome));
    await clock.advance(1000);
    expect(heard.slice(4)).toEqual(['unknown', 'link ready 0', 'link expired 1', 'resolved not-executed no expired']);
  });
});

describe('a LINK in the chunk of the reply to HELLO (C-8)', () => {
  it('belongs to the new session: it is an event, and not a stray message', async () => {
    const { client, heard, settle } = start((request) => [
      helloOf(request, { state: 'ready' }),
      link(1, 'ready', 1),
      link(2, 'expired', 1),
    ]);
    await settle();
    expect(heard).toEqual(['connected ready 0', 'link ready 1', 'link expired 1']);
    expect(client.statistics).toMatchObject({ sessions: 1, strayMessages: 0 });
  });

  it('if one of them is lost, the client asks the device', async () => {
    const { device, settle } = start((request) =>
      request.type === 'HELLO' ? [helloOf(request, { state: 'ready' }), link(2, 'ready', 2)] : [],
    );
    await settle();
    expect(device.types()).toEqual(['HELLO', 'STATUS']);
  });

  it('of a device that the client does not accept is not an event', async () => {
    const clock = new VirtualClock();
    let session = 4;
    const device = scriptedDevice((request) => {
      session++;
      return [helloOf(request, { session, state: 'ready' }), link(1, 'ready', 1, session)];
    });
    const client = new Client({ transport: device.transport, clock, device: 'BT-2' });
    open.push(client);
    const heard: unknown[] = [];
    client.on('link', (event) => heard.push(event));
    client.on('connected', (event) => heard.push(event));
    // The client sends HELLO again after half a minute.
    await clock.advance(31_000);
    expect(device.types()).toEqual(['HELLO', 'HELLO']);
    expect(heard).toEqual([]);
  });

  it('of another session is a stray message', async () => {
    const { client, heard, settle } = start((request) => [helloOf(request), link(1, 'ready', 1, 4)]);
    await settle();
    expect(heard).toEqual(['connected idle 0']);
    expect(client.statistics.strayMessages).toBe(1);
  });
});

it('after close, no waiting event is emitted', async () => {
  const { client, heard, settle } = start((request) =>
    request.type === 'HELLO' ? [helloOf(request)] : [paid(request), link(1, 'expired')],
  );
  void client.pay(order).then(() => void client.close());
  await settle();
  expect(heard).toEqual(['connected idle 0']);
  await within(new VirtualClock(), 0, client.close());
});

it('an event behind a reply that came just before close is not emitted, also if closing takes long', async () => {
  const { client, clock, device, heard, settle } = start((request) =>
    request.type === 'HELLO' ? [helloOf(request)] : [],
  );
  const { open } = device.transport;
  device.transport.open = async (...given) => ({ ...(await open(...given)), close: () => new Promise(() => {}) });
  const paying = client.pay(order);
  await settle();
  device.say(paid({ type: 'PAY', session: 5, sequence: 1, paymentMethod: 'TRUEMONEY' }), link(1, 'expired'));
  const closing = client.close();
  await settle();
  expect((await paying).outcome).toBe('executed');
  await clock.advance(1000);
  await closing;
  expect(heard).toEqual(['connected idle 0']);
});

it('a device that refuses a new session: disconnected comes immediately, and not with the next session', async () => {
  let hellos = 0;
  const { client, clock, heard } = start((request) => {
    if (request.type !== 'HELLO') return [];
    hellos++;
    if (hellos !== 2) return [helloOf(request, { session: 4 + hellos })];
    return [{ type: 'HELLO_REPLY', session: 0, sequence: 0, result: 'UNKNOWN_EXCEPTION', reason: 11, state: 'idle' }];
  });
  void client.pay(order, { timeoutMs: 100 }).then(({ outcome }) => heard.push(outcome));
  await clock.advance(100);
  expect(heard).toEqual(['connected idle 0', 'unknown', 'disconnected']);
  await clock.advance(1000);
  expect(heard.slice(3)).toEqual(['connected idle 0', 'resolved not-executed no idle']);
});
