import { describe, expect, it } from 'vitest';
import { record } from '../../src/diagnostics/index.js';
import { Client, type ClientOptions, connect, type LogFields, TinyCommand } from '../../src/index.js';
import { order, rigs } from '../rig.js';

const start = rigs();
const transport = { name: 'none', list: async () => [], open: async () => Promise.reject(new Error('none')) };

describe('a safety option fails closed (C-4)', () => {
  it.each([
    [{ allowSimulated: 'false' }, 'allowSimulated must be true or false, but is "false"'],
    [{ allowSimulated: null }, 'allowSimulated must be true or false, but is null'],
    [{ allowSimulated: 0 }, 'allowSimulated must be true or false, but is 0'],
    [{ redact: 0 }, 'redact must be true or false, but is 0'],
    [{ redact: null }, 'redact must be true or false, but is null'],
  ])('%j', async (options, message) => {
    const text = `The options of a client: ${message}`;
    expect(() => new Client({ transport, ...options } as never)).toThrow(new TypeError(text));
    expect(() => new TinyCommand({ transport, ...options } as never)).toThrow(new TypeError(text));
    await expect(connect({ transport, ...options } as never)).rejects.toThrow(new TypeError(text));
  });

  it('also in a recorder', () => {
    expect(() => record(transport, { write: () => {}, redact: 0 } as never)).toThrow(
      new TypeError('record(): redact must be true or false, but is 0'),
    );
    expect(() => record(transport, {} as never)).toThrow(
      new TypeError('record(): write is missing; it must be a function'),
    );
    expect(() => record(transport, undefined as never)).toThrow(TypeError);
  });
});

describe('the options of a client (C-5)', () => {
  it.each<[object, string]>([
    [{ timeout: 5000 }, 'timeout is not an option here; these are: transport, device, timeoutMs,'],
    [{ timeoutMs: 0 }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is 0'],
    [{ timeoutMs: '5000' }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is "5000"'],
    [{ device: 42 }, 'device must be a serial number, an id, or a function that returns true for a device, but is 42'],
    [{ device: '' }, 'device must be a serial number, an id, or a function that returns true for a device, but is ""'],
    [{ logger: { info() {} } }, 'logger must have the functions debug, info, warn and error, as console has'],
    [{ pendingAttempts: {} }, 'pendingAttempts must be an array of attempts, but is an object'],
    [{ clock: Date }, 'clock must be a clock with now, setTimeout and clearTimeout, but is a function'],
    [{ random: 4 }, 'random must be a function, but is 4'],
    [{ keepAliveMs: -1 }, 'keepAliveMs must be 0 or a number of milliseconds from 1 to 2147483647, but is -1'],
  ])('%j', (options, message) => {
    expect(() => new Client({ transport, ...options } as never)).toThrow(message);
  });

  it('that are not options: the transport is missing', async () => {
    for (const options of [undefined, null, 5, 'tcp://127.0.0.1:4000']) {
      expect(() => new Client(options as never)).toThrow('transport is missing');
      await expect(connect(options as never)).rejects.toThrow('transport is missing');
    }
  });

  it('of attempts: a value that is not an attempt is named by its position (C-6)', () => {
    expect(() => new Client({ transport, pendingAttempts: [{}] as never })).toThrow(
      'pendingAttempts[0] is an object, which is not an attempt that onAttempt received',
    );
  });

  it('an undefined option is an absent option', async () => {
    const client = new Client({ transport, device: undefined, redact: undefined, allowSimulated: undefined });
    await client.close();
  });
});

describe('the options of a call (C-5)', () => {
  it.each<[unknown, string]>([
    [5000, 'options must be an object with named options, but is 5000'],
    [null, 'options must be an object with named options, but is null'],
    [{ timeout: 1 }, 'timeout is not an option here; these are: signal, timeoutMs, onAttempt'],
    [{ onattempt: () => {} }, 'onattempt is not an option here; these are: signal, timeoutMs, onAttempt'],
    [{ onAttempt: 5 }, 'onAttempt must be a function, but is 5'],
    [{ signal: {} }, 'signal must be an AbortSignal, but is an object'],
    [{ timeoutMs: null }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is null'],
  ])('%j: nothing is sent', async (options, message) => {
    const { client, within, requests } = start();
    await within(0, client.info());
    for (const settled of [client.pay(order, options as never), client.cancel(undefined, options as never)]) {
      expect(await within(0, settled)).toMatchObject({
        code: 'PARAM_ILLEGAL',
        outcome: 'not-sent',
        error: { message, fields: [{ field: message.split(' ')[0], reason: 3 }] },
      });
    }
    const ofCall = message.replace(', onAttempt', '').replace(/^onAttempt must.*/, 'onAttempt is not an option here');
    const attempt = { command: 'PAY', serialNumber: 'A', bootId: 1, session: 1, sequence: 1, last: null } as const;
    for (const ask of [client.status, client.info, (given: never) => client.outcomeOf(attempt, given)]) {
      await expect(ask(options as never)).rejects.toMatchObject({
        code: 'PARAM_ILLEGAL',
        message: expect.stringContaining(ofCall),
      });
    }
    expect(requests()).toEqual(['HELLO']);
  });

  it('are reported together with the fields of the command', async () => {
    const { client, within } = start();
    const result = await within(0, client.pay({ paymentMethod: 'Test' } as never, { timeout: 1 } as never));
    expect(result.error).toMatchObject({ fields: [{ field: 'paymentMethod' }, { field: 'timeout' }] });
  });

  it('unknown events, and listeners that are not functions', () => {
    const { client } = start();
    expect(() => client.on('lnik' as never, () => {})).toThrow(
      'There is no event "lnik"; these are: connected, disconnected, link, resolved.',
    );
    expect(() => client.on('link', undefined as never)).toThrow(
      'The listener of "link" must be a function, but is undefined.',
    );
  });
});

describe('an expiry time that was meant in milliseconds (C-6)', () => {
  it.each([
    [900_000, 1],
    [86_401, 1],
    [86_400, 0],
    [undefined, 0],
  ])('%s: %s warnings, and the command is sent unchanged', async (expiryTime, warnings) => {
    const heard: unknown[] = [];
    const silent = () => {};
    const logger: ClientOptions['logger'] = {
      debug: silent,
      info: silent,
      warn: (message: string, fields?: LogFields) => void heard.push([message, fields]),
      error: silent,
    };
    const { client, within } = start({ logger });
    const command = { ...order, ...(expiryTime !== undefined && { expiryTime }) };
    expect(await within(0, client.pay(command))).toMatchObject({ code: 'SUCCESS', remaining: expiryTime ?? 900 });
    expect(heard).toEqual(
      warnings === 0 ? [] : [['expiryTime is longer than a day; it is a number of seconds', { expiryTime }]],
    );
  });
});

describe('a client behind a proxy or in a subclass (C-14)', () => {
  it('works behind a Proxy, such as that of Vue', async () => {
    const { client, within, events } = start();
    const proxy = new Proxy(client, {});
    expect(await within(0, proxy.pay(order))).toMatchObject({ code: 'SUCCESS' });
    expect(proxy.device?.serialNumber).toBe('EMU-0001');
    expect(proxy.statistics.sessions).toBe(1);
    const off = proxy.on('link', () => {});
    off();
    expect(await within(0, proxy.status())).toMatchObject({ state: 'ready' });
    expect(await within(0, proxy.cancel())).toMatchObject({ code: 'SUCCESS' });
    expect(events('connected')).toHaveLength(1);
    await within(0, proxy.close());
  });

  it('works when its functions are taken off it', async () => {
    const { client, within } = start();
    const { pay, cancel, status, info, outcomeOf, on, close } = client;
    const heard: unknown[] = [];
    on('connected', (event) => heard.push(event));
    const { attempt } = await within(0, pay(order));
    expect(await within(0, status())).toMatchObject({ state: 'ready' });
    expect(await within(0, info())).toMatchObject({ simulated: true });
    expect(await within(0, outcomeOf(attempt!))).toMatchObject({ outcome: 'executed' });
    expect(await within(0, cancel())).toMatchObject({ code: 'SUCCESS' });
    expect(heard).toHaveLength(1);
    await within(0, close());
  });

  it('the vendor call works too', async () => {
    const { emulator, clock, within } = start();
    const tiny = new TinyCommand({ transport: emulator.transport(), clock });
    const { sendPayCommand, sendCancelCommand, close } = new Proxy(tiny, {});
    expect(await within(0, sendPayCommand(order))).toBe('SUCCESS');
    expect(new Proxy(tiny, {}).lastResult).toMatchObject({ outcome: 'executed' });
    expect(await within(0, sendCancelCommand())).toBe('SUCCESS');
    await within(0, close());
  });

  it('accepts attempts behind a proxy, and returns none of these objects', async () => {
    const { client, emulator, clock, within } = start();
    const { attempt } = await within(0, client.cancel({ orderId: 'A' }));
    const behind = () => new Proxy({ ...attempt!, last: new Proxy({ session: 1, sequence: 1 }, {}), save() {} }, {});
    expect(await within(0, client.outcomeOf(behind()))).toMatchObject({ outcome: 'executed' });
    const later = new Client({ transport: emulator.transport(), clock, pendingAttempts: [behind()] });
    const resolved: { attempt: object }[] = [];
    later.on('resolved', (event) => resolved.push(event));
    await clock.advance(0);
    expect(resolved.map((event) => event.attempt)).toEqual([{ ...attempt, last: { session: 1, sequence: 1 } }]);
    await within(0, later.close());
  });

  it('works in a subclass that overrides a function', async () => {
    const { emulator, clock, within } = start();
    class Counting extends Client {
      calls = 0;
      override pay(...all: Parameters<Client['pay']>) {
        this.calls++;
        return super.pay(...all);
      }
    }
    const client = new Counting({ transport: emulator.transport(), clock });
    const { pay } = client;
    expect(await within(0, pay(order))).toMatchObject({ code: 'SUCCESS' });
    expect(client.calls).toBe(1);
    await within(0, client.close());
  });
});

/** Returns one value at the first read and another value at every later read. */
const changing = (name: string, first: unknown, then: unknown): object => {
  let looks = 0;
  return Object.defineProperty({}, name, { enumerable: true, get: () => (looks++ === 0 ? first : then) });
};

describe('an option is read once: the checked value is used', () => {
  it('a getter that changes its value allows no emulated device (C-4)', async () => {
    const { emulator, clock, within } = start();
    const options = Object.assign(changing('allowSimulated', false, true), { transport: emulator.transport(), clock });
    const client = new Client(options as ClientOptions);
    expect(await within(100, client.pay(order, { timeoutMs: 100 }))).toMatchObject({ outcome: 'not-sent' });
    await client.close();
  });

  it('options of a prototype count for connect too (C-4)', async () => {
    const { emulator, clock } = start();
    const shop = { allowSimulated: false, clock };
    const connecting = connect(Object.assign(Object.create(shop), { transport: emulator.transport() })).catch(String);
    await clock.advance(5000);
    expect(await connecting).toContain('allows real ones only (allowSimulated is false)');
    class Shop {
      get transport() {
        return emulator.transport();
      }
      get clock() {
        return clock;
      }
    }
    const client = connect(new Shop());
    await clock.advance(0);
    await (await client).close();
  });

  it('a getter that changes its value writes no amounts into a record (C-4)', () => {
    const lines: string[] = [];
    record(
      transport,
      Object.assign(changing('redact', true, false), { write: (line: string) => lines.push(line) }),
    ).end();
    expect(lines.join('')).not.toContain('NOT REDACTED');
  });

  it('of a call: the bound and the function that were checked (C-5)', async () => {
    const { client, within } = start();
    const told: unknown[] = [];
    const options = changing('onAttempt', (attempt: unknown) => told.push(attempt), undefined);
    expect(await within(0, client.pay(order, options))).toMatchObject({ outcome: 'executed' });
    expect(told).toHaveLength(1);
    expect(await within(0, client.status(changing('timeoutMs', 100, 'soon')))).toMatchObject({ state: 'ready' });
  });

  it('a logger whose getters throw later is ignored, and affects no payment (C-1)', async () => {
    const logger = { debug() {}, warn() {}, error() {} };
    let looks = 0;
    Object.defineProperty(logger, 'info', {
      get() {
        if (looks++ > 0) throw new Error('gone');
        return () => {};
      },
    });
    const { client, within } = start({ logger: logger as never });
    expect(await within(0, client.pay(order))).toMatchObject({ outcome: 'executed' });
  });

  it('options that cannot be read are refused with that message (C-5)', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const { client, within } = start();
    const text = 'options cannot be read: reading an option throws an error';
    expect(() => new Client(proxy as never)).toThrow(text);
    expect(() => new Client({ transport: proxy } as never)).toThrow(text);
    await expect(connect(proxy as never)).rejects.toThrow(text);
    await expect(client.status(proxy)).rejects.toThrow(text);
    expect(await within(0, client.pay(order, proxy))).toMatchObject({
      code: 'PARAM_ILLEGAL',
      error: { message: text },
    });
  });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 31, '15000', true, null])(
  'a keepalive of %s from a transport is refused, so that no device gets requests without end (C-5)',
  (keepAliveMs) => {
    expect(() => new Client({ transport: { ...transport, keepAliveMs } as never })).toThrow(
      'The transport none: keepAliveMs must be 0 or a number of milliseconds from 1 to 2147483647, but is ',
    );
  },
);

describe('an attempt that a program stored (C-6)', () => {
  const attempt = { command: 'PAY', serialNumber: 'X', bootId: 1, session: 1, sequence: 1, last: null } as const;

  it('may be behind a Proxy, and have more properties', async () => {
    const { client, emulator, clock, within } = start();
    const kept = new Proxy({ ...attempt, last: new Proxy({ session: 1, sequence: 0 }, {}), save: () => {} }, {});
    expect(await within(0, client.outcomeOf(kept))).toEqual({ outcome: 'unknown', linkLive: 'unknown', pending: true });
    const again = new Client({ transport: emulator.transport(), pendingAttempts: new Proxy([kept], {}), clock });
    await clock.advance(0);
    await again.close();
  });

  it('keeps the property oneOrder', async () => {
    const { client, within } = start();
    const { attempt: paid } = await within(0, client.pay(order));
    const { session, sequence } = paid!;
    const cancel = { ...paid!, command: 'CANCEL', sequence: sequence + 1 } as const;
    const last = { session, sequence };
    expect(await within(0, client.outcomeOf({ ...cancel, last }))).toMatchObject({
      outcome: 'not-executed',
      linkLive: 'yes',
    });
    expect(await within(0, client.outcomeOf({ ...cancel, last, oneOrder: true }))).toMatchObject({
      linkLive: 'unknown',
    });
  });

  it.each<[string, unknown[], string]>([
    ['a hole', new Array(1), 'pendingAttempts[0] is undefined'],
    [
      'one that cannot be read',
      [
        {
          ...attempt,
          last: 0,
          get bootId() {
            throw new Error('no');
          },
        },
      ],
      'pendingAttempts[0] is an object',
    ],
    ['one without its last command', [attempt, { ...attempt, last: undefined }], 'pendingAttempts[1] is an object'],
  ])('%s is not an attempt', (_name, attempts, text) => {
    expect(() => new Client({ transport, pendingAttempts: attempts as never })).toThrow(text);
  });
});

it.each([[[null]], [[undefined]], [['hid:1']], [[{}]], [[{ id: 7 }]], [new Array(1)]])(
  'a list with a value that is not a device is refused: %j (C-1)',
  async (devices) => {
    const { clock } = start();
    const client = new Client({ transport: { ...transport, list: async () => devices as never }, clock });
    const asking = client.info({ timeoutMs: 100 }).catch((error) => error.message);
    await clock.advance(100);
    expect(await asking).toContain('none: list() returned a device without an id (a string): ');
    await client.close();
  },
);
