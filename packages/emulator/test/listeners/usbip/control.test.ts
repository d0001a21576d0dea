import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { STALL, UsbipClient } from './usbip-client.js';
import { HELLO, hello, messagesIn, pay, read, report, World } from './world.js';

let world: World;
let client: UsbipClient;
beforeEach(async () => {
  world = await World.open();
  client = await UsbipClient.attached(world.address);
});
afterEach(() => world.close());

/** Sends a request that reads data. Returns the bytes of the answer, or its status if it has no bytes. */
async function ask(requestType: number, request: number, value: number, index: number, length: number) {
  const setup = [requestType, request, value & 0xff, value >>> 8, index & 0xff, index >>> 8, length, 0];
  const { status, data } = await client.control(setup);
  return status === 0 ? [...data] : status;
}

/** Sends a request that writes. Returns the status of the answer. */
async function tell(
  requestType: number,
  request: number,
  value: number,
  index: number,
  data: Uint8Array = Buffer.of(),
) {
  const setup = [requestType, request, value & 0xff, value >>> 8, index & 0xff, index >>> 8, data.length, 0];
  const { status, length } = await client.control(setup, data);
  expect(length).toBe(status === 0 ? data.length : 0);
  return status;
}

const events = () =>
  world.watcher.events.map((event) => ('connection' in event ? `${event.event} ${event.connection}` : event.event));

describe('standard requests', () => {
  test('GET_STATUS of the device, of each interface and endpoint', async () => {
    expect(await ask(0x80, 0, 0, 0, 2)).toEqual([0, 0]);
    for (const number of [0, 1, 2, 3]) expect(await ask(0x81, 0, 0, number, 2)).toEqual([0, 0]);
    expect(await ask(0x81, 0, 0, 4, 2)).toBe(STALL);
    for (const address of [0x00, 0x80, 0x81, 0x01, 0x82, 0x02, 0x83, 0x84, 0x04]) {
      expect(await ask(0x82, 0, 0, address, 2)).toEqual([0, 0]);
    }
    for (const address of [0x03, 0x05, 0x85]) expect(await ask(0x82, 0, 0, address, 2)).toBe(STALL);
  });

  test('GET and SET_INTERFACE: the only alternate setting is 0', async () => {
    for (const number of [0, 1, 2, 3]) {
      expect(await ask(0x81, 10, 0, number, 1)).toEqual([0]);
      expect(await tell(0x01, 11, 0, number)).toBe(0);
      expect(await tell(0x01, 11, 1, number)).toBe(STALL);
    }
    expect(await tell(0x01, 11, 0, 4)).toBe(STALL);
  });

  test('GET and SET_CONFIGURATION', async () => {
    expect(await ask(0x80, 8, 0, 0, 1)).toEqual([1]);
    expect(await tell(0x00, 9, 2, 0)).toBe(STALL);
    expect(await tell(0x00, 9, 0, 0)).toBe(0);
    expect(await ask(0x80, 8, 0, 0, 1)).toEqual([0]);
    // A device that is not configured has only the control endpoint.
    client.submit({ ep: 1, length: 64 });
    expect(await client.next()).toMatchObject({ status: STALL });
    client.submit({ ep: 1, data: report(HELLO) });
    expect(await client.next()).toMatchObject({ status: STALL, length: 0 });
    expect(await tell(0x21, 9, 0x200, 0, report(HELLO))).toBe(STALL);
    expect(await ask(0x81, 10, 0, 0, 1)).toBe(STALL);
    expect(await tell(0x01, 11, 0, 0)).toBe(STALL);
    expect(await ask(0x81, 0, 0, 1, 2)).toBe(STALL);
    expect(await ask(0x82, 0, 0, 0x81, 2)).toBe(STALL);
    expect(await tell(0x02, 3, 0, 0x81)).toBe(STALL);
    expect(await tell(0x21, 0x22, 1, 2)).toBe(STALL);
    // The host can still read its status.
    expect(await ask(0x82, 0, 0, 0, 2)).toEqual([0, 0]);
    expect(await ask(0x81, 6, 0x2200, 0, 3)).toEqual([0x06, 0x00, 0xff]);
    await client.configure();
    await hello(client, 1);
  });

  test.each([
    ['SET_ADDRESS, which a host controller handles itself', 0x00, 5, 3, 0],
    ['SET_FEATURE, remote wakeup', 0x00, 3, 1, 0],
    ['CLEAR_FEATURE of an interface', 0x01, 1, 0, 0],
    ['SET_FEATURE, halt of the control endpoint', 0x02, 3, 0, 0],
    ['CLEAR_FEATURE of an endpoint that does not exist', 0x02, 1, 0, 5],
    ['another feature of an endpoint', 0x02, 3, 1, 0x81],
    ['an unknown request to an endpoint', 0x02, 9, 0, 0x81],
    ['a class request to the device', 0x20, 9, 0, 0],
    ['a class request to the bulk interface', 0x21, 9, 0x200, 1],
  ])('stalls: %s', async (_, requestType, request, value, index) => {
    expect(await tell(requestType, request, value, index)).toBe(STALL);
    await client.quiet();
  });

  test.each([
    ['SYNCH_FRAME', 0x82, 12, 0, 0x81],
    ['an unknown request', 0x80, 0xff, 0, 0],
    ['an unknown request of an interface', 0x81, 0xff, 0, 0],
    ['a request to an unknown recipient', 0x83, 0, 0, 0],
  ])('stalls: %s', async (_, requestType, request, value, index) => {
    expect(await ask(requestType, request, value, index, 2)).toBe(STALL);
  });

  test('SET_CONFIGURATION again, as at the end of a port reset: ends the sessions and drops old answers', async () => {
    const session = await hello(client, 1);
    // The host does not fetch the answer.
    client.submit({ ep: 1, data: report(pay(session, 1)) });
    await client.next();
    await tell(0x02, 3, 0, 0x82);
    await client.configure();
    expect(events().filter((event) => / usb /.test(event) && !event.startsWith('message'))).toEqual([
      'connected usb 1-1 hid',
      'connected usb 1-1 bulk',
      'disconnected usb 1-1 hid',
      'disconnected usb 1-1 bulk',
      'connected usb 1-1 hid',
      'connected usb 1-1 bulk',
    ]);
    expect(await ask(0x82, 0, 0, 0x82, 2)).toEqual([0, 0]);
    const waiting = client.submit({ ep: 1, length: 64 });
    await client.quiet();
    client.submit({ ep: 1, data: report(pay(session, 2)) });
    await client.next();
    const answer = await client.next();
    expect(answer.seqnum).toBe(waiting);
    // Reason 4: no such session.
    expect(messagesIn(answer.data)).toMatchObject([{ type: 'PAY_REPLY', reason: 4 }]);
  });
});

describe('halt', () => {
  test.each([0x81, 0x82, 0x83, 0x84])(
    'of IN endpoint %i: waiting and new transfers stall, until the halt is cleared',
    async (address) => {
      const ep = address & 0x0f;
      const waiting = [client.submit({ ep, length: 64 }), client.submit({ ep, length: 64 })];
      const halt = client.submit({ ep: 0, setup: [0x02, 3, 0, 0, address, 0, 0, 0], data: Buffer.of() });
      expect(await client.next()).toMatchObject({ seqnum: waiting[0], status: STALL, length: 0 });
      expect(await client.next()).toMatchObject({ seqnum: waiting[1], status: STALL, length: 0 });
      expect(await client.next()).toMatchObject({ seqnum: halt, status: 0 });
      expect(await ask(0x82, 0, 0, address, 2)).toEqual([1, 0]);
      client.submit({ ep, length: 64 });
      expect(await client.next()).toMatchObject({ status: STALL });
      expect(await tell(0x02, 1, 0, address)).toBe(0);
      expect(await ask(0x82, 0, 0, address, 2)).toEqual([0, 0]);
      client.submit({ ep, length: 64 });
      await client.quiet();
    },
  );

  test.each([0x01, 0x02, 0x04])('of OUT endpoint %i', async (ep) => {
    expect(await tell(0x02, 3, 0, ep)).toBe(0);
    client.submit({ ep, data: ep === 1 ? report(HELLO) : HELLO });
    expect(await client.next()).toMatchObject({ status: STALL, length: 0 });
    expect(world.watcher.events.some(({ event }) => event === 'message')).toBe(false);
    expect(await tell(0x02, 1, 0, ep)).toBe(0);
    await hello(client, ep);
  });

  test('the device itself can halt an endpoint, while a host has imported the device', async () => {
    const [device] = world.server.devices;
    const waiting = client.submit({ ep: 2, length: 64 });
    await client.quiet();
    device!.halt('bulk', 'in');
    expect(await client.next()).toMatchObject({ seqnum: waiting, status: STALL });
    expect(await ask(0x82, 0, 0, 0x82, 2)).toEqual([1, 0]);
    device!.halt('cdc', 'out');
    client.submit({ ep: 4, data: HELLO });
    expect(await client.next()).toMatchObject({ status: STALL });
    for (const address of [0x82, 0x04]) await tell(0x02, 1, 0, address);
    await hello(client, 2);
    await hello(client, 4);
    await client.leave();
    await world.free();
    device!.halt('bulk', 'in');
    client = await UsbipClient.attached(world.address);
    expect(await ask(0x82, 0, 0, 0x82, 2)).toEqual([0, 0]);
  });

  test('SET_INTERFACE clears the halts of the endpoints of that interface', async () => {
    for (const address of [0x81, 0x01, 0x82, 0x02, 0x84, 0x04]) await tell(0x02, 3, 0, address);
    await tell(0x01, 11, 0, 1);
    const states = [];
    for (const address of [0x81, 0x01, 0x82, 0x02, 0x84, 0x04]) states.push(await ask(0x82, 0, 0, address, 2));
    expect(states.map((state) => (state as number[])[0])).toEqual([1, 1, 0, 0, 1, 1]);
    await tell(0x02, 3, 0, 0x83);
    await tell(0x01, 11, 0, 2);
    expect(await ask(0x82, 0, 0, 0x83, 2)).toEqual([0, 0]);
    expect(await ask(0x82, 0, 0, 0x84, 2)).toEqual([1, 0]);
    await tell(0x01, 11, 0, 0);
    await tell(0x01, 11, 0, 3);
    await hello(client, 1);
    await hello(client, 4);
  });
});

describe('HID', () => {
  test('SET_IDLE is accepted, and GET_IDLE returns the value', async () => {
    expect(await tell(0x21, 10, 0x0000, 0)).toBe(0);
    expect(await ask(0xa1, 2, 0, 0, 1)).toEqual([0]);
    expect(await tell(0x21, 10, 0x7d00, 0)).toBe(0);
    expect(await ask(0xa1, 2, 0, 0, 1)).toEqual([0x7d]);
  });

  test('SET_REPORT also sends a report; the answer comes through the interrupt endpoint', async () => {
    const waiting = client.submit({ ep: 1, length: 64 });
    const setup = [0x21, 9, 0, 2, 0, 0, 64, 0];
    const set = client.submit({ ep: 0, setup, data: report(HELLO) });
    const answers = [await client.next(), await client.next()].sort((one, other) => one.seqnum - other.seqnum);
    expect(answers).toMatchObject([
      { seqnum: waiting, status: 0, length: 64 },
      { seqnum: set, status: 0, length: 64 },
    ]);
    expect(messagesIn(answers[0]!.data)).toMatchObject([{ type: 'HELLO_REPLY', result: 'SUCCESS' }]);
  });

  test('GET_REPORT returns padding: frames leave in order, through one endpoint', async () => {
    client.submit({ ep: 1, data: report(HELLO) });
    await client.next();
    expect(await ask(0xa1, 1, 0x100, 0, 64)).toEqual(new Array(64).fill(0));
    expect(await ask(0xa1, 1, 0x100, 0, 8)).toEqual(new Array(8).fill(0));
    expect(await read(client, 1)).toMatchObject({ type: 'HELLO_REPLY' });
  });

  test.each([
    ['GET_REPORT of a feature', 0xa1, 1, 0x300],
    ['GET_REPORT with a number', 0xa1, 1, 0x101],
    ['GET_PROTOCOL', 0xa1, 3, 0],
  ])('stalls: %s', async (_, requestType, request, value) => {
    expect(await ask(requestType, request, value, 0, 64)).toBe(STALL);
  });

  test.each([
    ['SET_REPORT of a feature', 9, 0x300, 64],
    ['SET_REPORT with a number', 9, 0x201, 64],
    ['SET_REPORT of 65 bytes', 9, 0x200, 65],
    ['SET_PROTOCOL', 11, 0, 0],
  ])('stalls: %s', async (_, request, value, length) => {
    expect(await tell(0x21, request, value, 0, new Uint8Array(length))).toBe(STALL);
  });

  test('SET_REPORT stalls while the host does not fetch the answers', async () => {
    let accepted = 0;
    while ((await tell(0x21, 9, 0x200, 0, report(HELLO))) === 0) accepted++;
    expect(accepted).toBe(64);
    expect(await read(client, 1)).toMatchObject({ type: 'HELLO_REPLY' });
    expect(await tell(0x21, 9, 0x200, 0, report(HELLO))).toBe(0);
  });
});

describe('CDC-ACM', () => {
  test('the line coding is stored and returned', async () => {
    expect(await ask(0xa1, 0x21, 0, 2, 7)).toEqual([0x00, 0xc2, 0x01, 0x00, 0, 0, 8]);
    const coding = Buffer.of(0x80, 0x25, 0, 0, 2, 1, 7);
    expect(await tell(0x21, 0x20, 0, 2, coding)).toBe(0);
    expect(await ask(0xa1, 0x21, 0, 2, 7)).toEqual([...coding]);
    expect(await tell(0x21, 0x20, 0, 2, coding.subarray(1))).toBe(STALL);
    expect(await ask(0xa1, 0x21, 0, 2, 7)).toEqual([...coding]);
  });

  test('SEND_BREAK is accepted, and any other request stalls', async () => {
    expect(await tell(0x21, 0x23, 0xffff, 2)).toBe(0);
    expect(await tell(0x21, 0x24, 0, 2)).toBe(STALL);
    expect(await ask(0xa1, 0x20, 0, 2, 7)).toBe(STALL);
    expect(await tell(0x21, 0x22, 1, 3)).toBe(STALL);
  });

  const lineState = (state: number) => tell(0x21, 0x22, state, 2);
  const cdc = () => events().filter((event) => /^(dis)?connected usb 1-1 cdc$/.test(event));

  test('DTR opens the port; when DTR falls, the session ends and unfetched answers are dropped', async () => {
    expect(cdc()).toEqual([]);
    expect(await lineState(3)).toBe(0);
    expect(await lineState(1)).toBe(0);
    expect(cdc()).toEqual(['connected usb 1-1 cdc']);
    const session = await hello(client, 4);
    client.submit({ ep: 4, data: pay(session, 1) });
    await client.next();
    expect(await lineState(0)).toBe(0);
    expect(cdc()).toEqual(['connected usb 1-1 cdc', 'disconnected usb 1-1 cdc']);

    expect(await lineState(3)).toBe(0);
    client.submit({ ep: 4, length: 128 });
    await client.quiet();
    client.submit({ ep: 4, data: pay(session, 1) });
    await client.next();
    expect(messagesIn((await client.next()).data)).toMatchObject([{ reason: 4, state: 'ready' }]);
  });

  test('a host that does not set DTR opens the port with its first byte', async () => {
    await hello(client, 4);
    expect(cdc()).toEqual(['connected usb 1-1 cdc']);
  });

  test('half a frame before the port was closed is not the start of the next frame', async () => {
    await lineState(3);
    client.submit({ ep: 4, data: HELLO.subarray(0, 9) });
    await client.next();
    await lineState(2);
    client.submit({ ep: 4, data: HELLO.subarray(9) });
    await client.next();
    await hello(client, 4);
  });
});

describe('a control transfer that contradicts itself stalls', () => {
  test.each([
    [
      'the host sends less than the setup packet says',
      { setup: [0x21, 9, 0, 2, 0, 0, 64, 0], data: new Uint8Array(8) },
    ],
    [
      'the host sends more than the setup packet says',
      { setup: [0x21, 9, 0, 2, 0, 0, 8, 0], data: new Uint8Array(64) },
    ],
    ['a read request with bytes to send', { setup: [0x80, 0, 0, 0, 0, 0, 2, 0], data: new Uint8Array(2) }],
    ['a write request with room to read', { setup: [0x21, 9, 0, 2, 0, 0, 64, 0], length: 64 }],
  ])('%s', async (_, submit) => {
    client.submit({ ep: 0, ...submit });
    expect(await client.next()).toMatchObject({ status: STALL, length: 0 });
    await client.quiet();
  });

  test('without a data stage the direction has no meaning', async () => {
    client.submit({ ep: 0, setup: [0x21, 10, 0, 0, 0, 0, 0, 0], length: 0 });
    expect(await client.next()).toMatchObject({ status: 0, length: 0 });
    client.submit({ ep: 0, setup: [0x80, 0, 0, 0, 0, 0, 0, 0], data: Buffer.of() });
    expect(await client.next()).toMatchObject({ status: 0, length: 0 });
  });

  test('less room than requested: the answer is cut to the room', async () => {
    const { status, data } = await client.control([0x80, 6, 0, 1, 0, 0, 18, 0], undefined, { length: 8 });
    expect({ status, length: data.length }).toEqual({ status: 0, length: 8 });
  });

  test('a short answer with SHORT_NOT_OK has that status, and its data', async () => {
    const { status, data } = await client.control([0x80, 6, 0, 1, 0, 0, 64, 0], undefined, { flags: 1 });
    expect({ status, length: data.length }).toEqual({ status: -121, length: 18 });
    expect((await client.control([0x80, 6, 0, 1, 0, 0, 18, 0], undefined, { flags: 1 })).status).toBe(0);
  });
});
