import { describe, expect, it } from 'vitest';
import type { PanelInput } from '../../src/model/panel-input.js';
import { backoffMs } from '../../src/source/backoff.js';
import { CommandFailure } from '../../src/source/device-source.js';
import { EventSplitter } from '../../src/source/event-stream.js';
import { HttpSource } from '../../src/source/http-source.js';
import { IDLE, NOW } from '../events.js';

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

/** A service whose answers a test gives, and a clock that a test moves. */
class FakeService {
  readonly calls: Call[] = [];
  readonly inputs: PanelInput[] = [];
  readonly timers: { ms: number; run: () => void }[] = [];
  answer: () => Promise<Response> | Response = () => new Response('{}');
  readonly source = new HttpSource('http://127.0.0.1:1', 'secret', {
    fetch: async (url, init) => {
      this.calls.push({ url: String(url), init: init ?? {} });
      return this.answer();
    },
    now: () => NOW,
    after: (ms, run) => {
      const timer = { ms, run };
      this.timers.push(timer);
      return () => void this.timers.splice(this.timers.indexOf(timer) >>> 0, 1);
    },
  });

  start(): () => void {
    return this.source.start((inputs) => this.inputs.push(...inputs));
  }

  get reaches(): string[] {
    return this.inputs.flatMap((each) => (each.input === 'reach' ? [each.reach.kind] : []));
  }
}

/** A stream of events that a test writes. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  const write = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  return { body, write, end: () => controller.close() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const FIRST = { event: 'devices', devices: [IDLE], addresses: [], triggers: true, scenario: false, service: 'a' };
const line = (event: object, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(event)}\n\n`;
const plug = (id: number) => line({ event: 'plug', serialNumber: 'EMU-0001', time: '2026-01-02T03:04:05.000Z' }, id);

describe('the stream of events', () => {
  it('is read with the token in a header', async () => {
    const service = new FakeService();
    const { body, write } = stream();
    service.answer = () => new Response(body);
    const stop = service.start();
    write(line(FIRST));
    write(plug(1));
    await turn();
    expect(service.calls[0]).toMatchObject({
      url: 'http://127.0.0.1:1/v1/events',
      init: { headers: { authorization: 'Bearer secret' } },
    });
    expect(service.inputs).toMatchObject([
      { input: 'reach', reach: { kind: 'connecting' } },
      { input: 'devices', service: 'a', info: { triggers: true } },
      { input: 'event', event: { event: 'plug' } },
    ]);
    stop();
  });

  it('is opened again after it ended, from the event after the last one', async () => {
    const service = new FakeService();
    const first = stream();
    service.answer = () => new Response(first.body);
    const stop = service.start();
    first.write(line(FIRST) + plug(1) + plug(2));
    first.end();
    await turn();
    expect(service.reaches).toEqual(['connecting', 'lost']);
    const second = stream();
    service.answer = () => new Response(second.body);
    service.timers.at(-1)!.run();
    second.write(line(FIRST) + plug(2) + plug(3));
    await turn();
    expect(service.calls[1]?.init.headers).toMatchObject({ 'last-event-id': '2' });
    expect(service.inputs.filter(({ input }) => input === 'event')).toHaveLength(3);
    stop();
  });

  it('counts the events of another process from 1 again', async () => {
    const service = new FakeService();
    const { body, write } = stream();
    service.answer = () => new Response(body);
    const stop = service.start();
    write(line(FIRST) + plug(5) + line({ ...FIRST, service: 'b' }) + plug(1));
    await turn();
    expect(service.inputs.filter(({ input }) => input === 'event')).toHaveLength(2);
    stop();
  });

  it('waits longer after each failure, and not at all if a person asks', async () => {
    const service = new FakeService();
    service.answer = () => Promise.reject(new TypeError('fetch failed'));
    const stop = service.start();
    await turn();
    expect(service.timers.map(({ ms }) => ms)).toEqual([500]);
    service.timers.shift()!.run();
    await turn();
    expect(service.timers.map(({ ms }) => ms)).toEqual([1000]);
    service.source.retry();
    await turn();
    expect(service.timers.map(({ ms }) => ms)).toEqual([500]);
    expect(service.calls).toHaveLength(3);
    stop();
    expect(service.timers).toEqual([]);
  });

  it('that is silent for too long is given up', async () => {
    const service = new FakeService();
    const { body } = stream();
    service.answer = () => new Response(body);
    const stop = service.start();
    await turn();
    expect(service.timers.map(({ ms }) => ms)).toEqual([40_000]);
    service.timers[0]!.run();
    expect(service.calls[0]?.init.signal?.aborted).toBe(true);
    stop();
  });

  it('is not opened again if the token is wrong', async () => {
    const service = new FakeService();
    service.answer = () => new Response('{}', { status: 401 });
    service.start();
    await turn();
    expect(service.reaches).toEqual(['connecting', 'refused']);
    expect(service.timers).toEqual([]);
  });
});

describe('commands', () => {
  it('are posted as JSON', async () => {
    const service = new FakeService();
    service.answer = () => Response.json({ read: false });
    expect(await service.source.command('EMU 1', 'tap', {})).toEqual({ read: false });
    expect(service.calls[0]).toMatchObject({
      url: 'http://127.0.0.1:1/v1/devices/EMU%201/tap',
      init: { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
    });
  });

  it('fail with the words of the service', async () => {
    const service = new FakeService();
    const error = { code: 'bad-parameter', message: 'the parameter "ms" must be more', parameter: 'ms' };
    service.answer = () => Response.json({ error }, { status: 400 });
    const failure = await service.source.command('EMU-0001', 'delay-replies', {}).catch((each: unknown) => each);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect(failure).toMatchObject({ message: error.message, parameter: 'ms' });
  });

  it('fail with advice if the emulator is not there', async () => {
    const service = new FakeService();
    service.answer = () => Promise.reject(new TypeError('fetch failed'));
    await expect(service.source.view('EMU-0001')).rejects.toThrow('not reachable: start it again');
  });
});

describe('the splitter', () => {
  it('puts pieces together and leaves comments out', () => {
    const splitter = new EventSplitter();
    expect(splitter.push(':\n\nid: 7\nda')).toEqual([]);
    expect(splitter.push('ta: {"a":1}\ndata: 2\n')).toEqual([]);
    expect(splitter.push('\n')).toEqual([{ id: 7, data: '{"a":1}\n2' }]);
  });
});

describe('the pause', () => {
  it('doubles up to ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(backoffMs)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});
