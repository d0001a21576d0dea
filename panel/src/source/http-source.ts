import type { DeviceView, ParameterValues } from '@bluetap/emulator/commands';
import type { PanelEvent, PanelInput, ServiceInfo } from '../model/panel-input.js';
import { backoffMs } from './backoff.js';
import { CommandFailure, type DeviceSource, type Sink } from './device-source.js';
import { EventSplitter, type ServerEvent } from './event-stream.js';

/** What the source needs of the platform. A test replaces it. */
export interface HttpPlatform {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `callback` later. Returns the function that cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

const BROWSER: HttpPlatform = {
  fetch: (...request) => fetch(...request),
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** The service sends a comment every 15 seconds. */
const SILENCE_MS = 40_000;

const UNREACHABLE = 'the emulator is not reachable: start it again';

/** Devices behind a control service. Connects again automatically when the emulator is back. */
export class HttpSource implements DeviceSource {
  readonly #base: string;
  readonly #token: string;
  readonly #platform: HttpPlatform;
  #sink: Sink | undefined;
  #failures = 0;
  #lastId: number | undefined;
  #service: string | undefined;
  #cancelRetry: (() => void) | undefined;
  #attempt: AbortController | undefined;

  /** @param base The address of the service without a path. @param token The token of the printed address. */
  constructor(base: string, token: string, platform: HttpPlatform = BROWSER) {
    this.#base = base;
    this.#token = token;
    this.#platform = platform;
  }

  start(sink: Sink): () => void {
    this.#sink = sink;
    this.#connect();
    return () => {
      this.#sink = undefined;
      this.#cancelRetry?.();
      this.#attempt?.abort();
    };
  }

  retry(): void {
    if (!this.#cancelRetry) return;
    this.#cancelRetry();
    this.#failures = 0;
    this.#connect();
  }

  async command(serialNumber: string, verb: string, parameters: ParameterValues): Promise<object> {
    return this.#request(`/${encodeURIComponent(serialNumber)}/${verb}`, JSON.stringify(parameters));
  }

  async view(serialNumber: string): Promise<DeviceView> {
    return (await this.#request(`/${encodeURIComponent(serialNumber)}`)) as DeviceView;
  }

  async #request(path: string, body?: string): Promise<object> {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { ...this.#headers(), ...(body !== undefined && { 'content-type': 'application/json' }) };
    let response: Response;
    try {
      response = await this.#platform.fetch(`${this.#base}/v1/devices${path}`, { method, headers, body: body ?? null });
    } catch {
      throw new CommandFailure(UNREACHABLE);
    }
    const answer = (await response.json().catch(() => ({}))) as object;
    if (response.ok) return answer;
    const { error } = answer as { readonly error?: { readonly message?: string; readonly parameter?: string } };
    throw new CommandFailure(error?.message ?? `the emulator answered with HTTP ${response.status}`, error?.parameter);
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }

  #connect(): void {
    this.#cancelRetry = undefined;
    this.#attempt = new AbortController();
    this.#tell([{ input: 'reach', reach: { kind: 'connecting' } }]);
    void this.#read(this.#attempt).catch(() => this.#lost());
  }

  /** Reads the stream to its end. A stream is lost if it ends or is silent for too long. */
  async #read(attempt: AbortController): Promise<void> {
    const since = this.#lastId === undefined ? {} : { 'last-event-id': String(this.#lastId) };
    let cancel = this.#platform.after(SILENCE_MS, () => attempt.abort());
    try {
      const request = { headers: { ...this.#headers(), ...since }, signal: attempt.signal, cache: 'no-store' } as const;
      const service = this.#service === undefined ? '' : `?service=${this.#service}`;
      const response = await this.#platform.fetch(`${this.#base}/v1/events${service}`, request);
      if (response.status === 401 || response.status === 403) {
        this.#refused();
        return;
      }
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      const splitter = new EventSplitter();
      for await (const text of textOf(response.body)) {
        cancel();
        cancel = this.#platform.after(SILENCE_MS, () => attempt.abort());
        this.#tell(splitter.push(text).flatMap((event) => this.#inputsOf(event)));
      }
    } finally {
      cancel();
    }
    this.#lost();
  }

  #inputsOf({ id, data }: ServerEvent): PanelInput[] {
    const event = JSON.parse(data) as
      | PanelEvent
      | ({ event: 'devices'; devices: DeviceView[]; service: string } & ServiceInfo)
      | { event: 'skipped'; count: number };
    if (event.event === 'devices') {
      const { service, devices, addresses, triggers, scenario } = event;
      // Another process counts its events from 1 again.
      if (service !== this.#service) this.#lastId = undefined;
      this.#service = service;
      this.#failures = 0;
      return [{ input: 'devices', service, devices, info: { addresses, triggers, scenario } }];
    }
    if (event.event === 'skipped') {
      return [{ input: 'skipped', count: event.count, time: new Date(this.#platform.now()).toISOString() }];
    }
    if (id !== undefined && this.#lastId !== undefined && id <= this.#lastId) return [];
    if (id !== undefined) this.#lastId = id;
    return [{ input: 'event', event }];
  }

  #lost(): void {
    if (!this.#sink) return;
    const ms = backoffMs(++this.#failures);
    this.#tell([{ input: 'reach', reach: { kind: 'lost', retryAt: this.#platform.now() + ms } }]);
    this.#cancelRetry = this.#platform.after(ms, () => this.#connect());
  }

  #refused(): void {
    const message =
      'The emulator does not accept the token of this page. If it was started again, open the new address that it prints.';
    this.#tell([{ input: 'reach', reach: { kind: 'refused', message } }]);
  }

  #tell(inputs: readonly PanelInput[]): void {
    if (inputs.length > 0) this.#sink?.(inputs);
  }
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}
