import type { PayCommand } from '@bluetap/protocol';
import { type Attempt, type CallOptions, Client } from '@bluetap/sdk';
import type { Transport } from '@bluetap/transport';
import {
  type CallEnd,
  type CallEntry,
  endOfAnswer,
  endOfCommand,
  endOfFailure,
  type PosEntry,
  withResolution,
} from './pos-entry.js';
import { codeOf } from './pos-form.js';

/** How many entries the page keeps. */
const MOST_ENTRIES = 100;

/** A POS in the page: a client of the SDK, and what its calls and events said. */
export class Pos {
  readonly #client: Client;
  readonly #listeners = new Set<() => void>();
  #entries: readonly PosEntry[] = [];
  #nextKey = 1;

  constructor(transport: Transport) {
    this.#client = new Client({ transport });
    this.#client.on('connected', ({ serialNumber, state }) =>
      this.#event('connected', `${serialNumber}, state ${state}`),
    );
    this.#client.on('disconnected', ({ message }) => this.#event('disconnected', message));
    this.#client.on('link', ({ state, taps, orderId }) =>
      this.#event('link', `state ${state}, taps ${taps}${orderId === undefined ? '' : `, order ${orderId}`}`),
    );
    this.#client.on('resolved', (resolved) => {
      this.#set(withResolution(this.#entries, resolved));
      this.#event('resolved', `outcome ${resolved.outcome}, linkLive ${resolved.linkLive}`);
    });
  }

  /** Calls and events, newest first. */
  get entries(): readonly PosEntry[] {
    return this.#entries;
  }

  /** Calls `listener` after each change. Returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Asks the device to show the payment link of a command. */
  async pay(command: PayCommand, options: CallOptions): Promise<CallEnd> {
    return this.#call('pay', command, options, async () =>
      endOfCommand(await this.#client.pay(command, options), now()),
    );
  }

  /** Asks the device to end its payment link. */
  async cancel(orderId: string | undefined, options: CallOptions): Promise<CallEnd> {
    const command = orderId === undefined || orderId === '' ? {} : { orderId };
    return this.#call('cancel', command, options, async () =>
      endOfCommand(await this.#client.cancel(command, options), now()),
    );
  }

  /** Asks the device for its payment link. */
  async status(options: CallOptions): Promise<CallEnd> {
    return this.#call('status', undefined, options, async () => endOfAnswer(await this.#client.status(options), now()));
  }

  /** Asks what became of an attempt. */
  async outcomeOf(attempt: Attempt, options: CallOptions): Promise<CallEnd> {
    return this.#call('outcomeOf', undefined, options, async () =>
      endOfAnswer(await this.#client.outcomeOf(attempt, options), now()),
    );
  }

  /** Forgets what happened. Calls that wait stay. */
  clear(): void {
    this.#set(this.#entries.filter((entry) => entry.kind === 'call' && !entry.end));
  }

  async #call(
    verb: string,
    argument: object | undefined,
    options: CallOptions,
    run: () => Promise<CallEnd>,
  ): Promise<CallEnd> {
    const key = this.#nextKey++;
    const code =
      verb === 'outcomeOf' ? 'const facts = await client.outcomeOf(result.attempt);' : codeOf(verb, argument, options);
    const entry: CallEntry = { kind: 'call', key, code, verb, start: now() };
    this.#add(entry);
    const end = await run().catch((error: unknown) => endOfFailure(error, now()));
    this.#set(this.#entries.map((each) => (each.key === key ? { ...entry, end } : each)));
    return end;
  }

  #event(name: string, text: string): void {
    this.#add({ kind: 'event', key: this.#nextKey++, start: now(), name, text });
  }

  #add(entry: PosEntry): void {
    this.#set([entry, ...this.#entries].slice(0, MOST_ENTRIES));
  }

  #set(entries: readonly PosEntry[]): void {
    this.#entries = entries;
    for (const listener of this.#listeners) listener();
  }
}

/** Milliseconds since 1970, with fractions: a call in one page takes less than one. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
