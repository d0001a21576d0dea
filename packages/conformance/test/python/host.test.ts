import { readFileSync } from 'node:fs';
import {
  type Behaviour,
  Emulator,
  type EmulatorEvent,
  ignoreRequests,
  loseReplies,
  refuse,
  restartAfterExecuting,
  unplugAfterExecuting,
} from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PythonProgram } from './python-program.js';

/** An emulated device over TCP, and what it saw. */
async function device(...behaviours: Behaviour[]) {
  const events: EmulatorEvent[] = [];
  let wake = () => {};
  const emulator = new Emulator({
    onEvent: (event) => {
      events.push(event);
      wake();
    },
  });
  onTestFinished(() => emulator.close());
  for (const behaviour of behaviours) emulator.use(behaviour);
  const { address } = await listen(emulator, { tcp: '127.0.0.1:0' });
  const requests = () =>
    events.flatMap((event) => (event.event === 'message' && event.direction === 'in' ? event.message.type : []));
  /** Waits until an event has come that the test needs. */
  const saw = async (wanted: (event: EmulatorEvent) => boolean) => {
    while (!events.some(wanted)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { emulator, address, events, requests, saw, env: { BLUETAP_TRANSPORT: address } };
}

const PAY = ['pay', '--json', '--payment-method', 'TRUEMONEY', '--amount', '120.00', '--order-id', '-1', '--timeout'];

async function call(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { code, stdout, stderr } = await new PythonProgram('independent_host.py', args, env).ended;
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return { exitCode: code, ...JSON.parse(stdout) };
}

describe('the independent host in Python', () => {
  test('pays, asks for the status and cancels', async () => {
    const { emulator, env, requests } = await device();
    const paid = await call(env, ...PAY, '5000');
    expect(paid).toMatchObject({ exitCode: 0, code: 'SUCCESS', outcome: 'executed', linkLive: 'yes', pending: false });
    expect(paid).toMatchObject({
      state: 'ready',
      remaining: 900,
      device: { serialNumber: 'EMU-0001', simulated: true },
    });
    emulator.tap();
    const status = await call(env, 'status', '--json', '--timeout', '5000');
    expect(status).toMatchObject({ exitCode: 0, code: 'SUCCESS', state: 'ready', remaining: 900, taps: 1 });
    expect(status).toMatchObject({ paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: '-1' });
    const kept = await call(env, 'cancel', '--json', '--order-id', 'POS1', '--timeout', '5000');
    expect(kept).toMatchObject({ exitCode: 4, code: 'PROCESS_FAIL', outcome: 'refused', error: { reason: 5 } });
    const ended = await call(env, 'cancel', '--json', '--order-id', '-1', '--timeout', '5000');
    expect(ended).toMatchObject({ exitCode: 0, outcome: 'executed', linkLive: 'no', state: 'cancelled', taps: 1 });
    const pairs = ['PAY', 'STATUS', 'CANCEL', 'CANCEL'].flatMap((type) => ['HELLO', type]);
    expect(requests()).toEqual(pairs);
  });

  test('repeats the same bytes after a lost reply', async () => {
    const { emulator, env, events } = await device(loseReplies(1, { type: 'PAY' }));
    expect(await call(env, ...PAY, '5000')).toMatchObject({ code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' });
    expect(emulator.counters).toMatchObject({ paymentLinks: 1, payFrames: 2, repeats: 1 });
    const sent = events.flatMap((event) =>
      event.event === 'message' && event.message.type === 'PAY' ? event.wire : [],
    );
    expect(new Set(sent).size).toBe(1);
  });

  test.each<[string, Behaviour, object]>([
    ['no reply comes', loseReplies(3, { type: 'PAY' }), { code: 'SUCCESS', outcome: 'executed', linkLive: 'yes' }],
    [
      'no request arrives',
      ignoreRequests(3, { type: 'PAY' }),
      { exitCode: 4, code: 'PROCESS_FAIL', outcome: 'not-executed', linkLive: 'no' },
    ],
    [
      'the device restarts',
      restartAfterExecuting(),
      { exitCode: 5, code: 'UNKNOWN_EXCEPTION', outcome: 'unknown', linkLive: 'no', pending: false },
    ],
  ])('asks with HELLO when %s', async (_, behaviour, expected) => {
    const { env, requests } = await device(behaviour);
    expect(await call(env, ...PAY, '5000')).toMatchObject(expected);
    expect(requests().slice(-1)).toEqual(['HELLO']);
  });

  test('does not report a failure when the device is gone', async () => {
    const { env } = await device(unplugAfterExecuting());
    const expected = {
      exitCode: 3,
      code: 'DEVICE_DISCONNECTED',
      outcome: 'unknown',
      linkLive: 'unknown',
      pending: true,
    };
    expect(await call(env, ...PAY, '500')).toMatchObject(expected);
  });

  test('opens one session more because of reason 4, and no other', async () => {
    const { env, events } = await device(refuse(4, { type: 'PAY' }));
    const expected = { exitCode: 4, code: 'PROCESS_FAIL', outcome: 'refused', linkLive: 'no', error: { reason: 4 } };
    expect(await call(env, ...PAY, '5000')).toMatchObject(expected);
    const opened = events.filter((event) => event.event === 'message' && event.message.type === 'HELLO_REPLY');
    expect(opened).toHaveLength(2);
  });

  test('sends nothing when a field breaks its rule', async () => {
    const { env, events } = await device();
    const wrong = ['pay', '--json', '--payment-method', 'TRUEMONEY', '--amount', '1,00'];
    expect(await call(env, ...wrong)).toMatchObject({ exitCode: 2, code: 'PARAM_ILLEGAL', outcome: 'not-sent' });
    expect(events).toEqual([]);
  });

  test('says that there is no device', async () => {
    const { emulator, env } = await device();
    await emulator.close();
    const expected = { exitCode: 3, code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no' };
    expect(await call(env, ...PAY, '300')).toMatchObject(expected);
    expect(await call(env, 'status', '--json', '--timeout', '300')).toMatchObject({ code: 'DEVICE_DISCONNECTED' });
  });

  test.each(['frames', 'later-frames'])('reads and encodes every vector of %s.json', async (name) => {
    const path = new URL(`../../../../vectors/${name}.json`, import.meta.url);
    const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: { message?: unknown }[] };
    const { length } = vectors.filter(({ message }) => message);
    expect(await call({}, 'vectors', path.pathname)).toEqual({ exitCode: 0, vectors: length, wrong: [] });
  });
});

describe('the independent host in Python, with a call on each line', () => {
  async function talk(...behaviours: Behaviour[]) {
    const there = await device(...behaviours);
    const host = new PythonProgram('independent_host.py', ['lines'], there.env);
    const ask = async (given: object) => {
      host.say(JSON.stringify({ timeoutMs: 5000, ...given }));
      return JSON.parse(await host.line());
    };
    return { ...there, host, ask };
  }

  test('has one session for all calls, and a new one after request 255', async () => {
    const { ask, host, requests } = await talk();
    for (let left = 254; left > 0; left--) await ask({ do: 'status' });
    expect(await ask({ do: 'pay', paymentMethod: 'SEVEN_11' })).toMatchObject({ attempt: { sequence: 255 } });
    expect(await ask({ do: 'cancel' })).toMatchObject({ outcome: 'executed', attempt: { sequence: 1 } });
    expect(requests().filter((type) => type === 'HELLO')).toHaveLength(2);
    expect(await host.endInput()).toMatchObject({ code: 0, stderr: '' });
  });

  test('asks with STATUS after a LINK is missing, without a call', async () => {
    const { emulator, ask, saw, requests } = await talk(loseReplies(1, { type: 'LINK' }));
    await ask({ do: 'pay', paymentMethod: 'TRUEMONEY' });
    emulator.tap();
    expect(requests()).toEqual(['HELLO', 'PAY']);
    emulator.tap();
    await saw((event) => event.event === 'message' && event.message.type === 'STATUS_REPLY');
    expect(await ask({ do: 'cancel' })).toMatchObject({ outcome: 'executed', taps: 2 });
    expect(requests()).toEqual(['HELLO', 'PAY', 'STATUS', 'CANCEL']);
  });

  test('tells the outcome of a doubt later', async () => {
    const { ask, emulator } = await talk(loseReplies(1, { type: 'PAY' }));
    const pay = { do: 'pay', paymentMethod: 'TRUEMONEY', orderId: 'A', timeoutMs: 300 };
    expect(await ask(pay)).toMatchObject({ outcome: 'unknown', linkLive: 'unknown', pending: true });
    expect(await ask({ do: 'outcome' })).toMatchObject({ outcome: 'executed', linkLive: 'yes', pending: false });
    expect(emulator.counters).toMatchObject({ paymentLinks: 1, payFrames: 1 });
  });

  test('says what is wrong with a line', async () => {
    const { host, events } = await talk();
    for (const line of ['pay', '[]', '{}', '{"do":"status","timeoutMs":"1"}']) {
      host.say(line);
      expect(JSON.parse(await host.line())).toMatchObject({ code: 'PARAM_ILLEGAL', outcome: 'not-sent' });
    }
    expect(events).toEqual([]);
  });
});
