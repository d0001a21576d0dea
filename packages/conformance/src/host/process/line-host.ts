import type { Readable } from 'node:stream';
import { readFacts, type ToldFacts } from '../contract/facts.js';
import { type HostCall, lineOf } from '../contract/host-call.js';
import { HostProcess, type ProcessEnd } from './host-process.js';
import type { StartOptions } from './one-call.js';
import { MOST_BYTES, OutputTail } from './output-tail.js';

/** A host answers a call within its time limit and this. */
const GRACE_MS = 3000;

/** How long a host may take to end after its stdin was closed. */
const LAST_WORDS_MS = 3000;

/**
 * One long process of the host. It reads one call a line from its stdin, and prints one result a line. Other lines,
 * such as its events, are ignored.
 */
export class LineHost {
  readonly #host: HostProcess;
  readonly #results: ToldFacts[] = [];
  #onResult: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #release: () => void;

  constructor({ command, transport, limitMs, signal }: StartOptions) {
    this.#host = new HostProcess(command, transport, true);
    const { child } = this.#host;
    if (child?.stdout) this.#read(child.stdout);
    if (child?.stderr) new OutputTail(child.stderr, () => this.#host.kill('output'));
    this.#timer = setTimeout(() => this.#host.kill('time'), limitMs);
    const stop = () => this.#host.kill('stopped');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.#release = () => signal.removeEventListener('abort', stop);
  }

  /** Gives the host a call. Returns its result, or undefined if none came in time or the host has ended. */
  async ask(call: HostCall): Promise<ToldFacts | undefined> {
    this.#results.length = 0;
    this.#host.child?.stdin?.write(lineOf(call));
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onResult = resolve;
      timer = setTimeout(resolve, call.timeoutMs + GRACE_MS);
      void this.#host.ended.then(() => resolve());
    });
    clearTimeout(timer);
    this.#onResult = undefined;
    return this.#results[0];
  }

  /** Closes the stdin of the host and waits until it has ended. */
  async end(): Promise<ProcessEnd> {
    this.#host.child?.stdin?.end();
    const timer = setTimeout(() => this.#host.kill('time'), LAST_WORDS_MS);
    const end = await this.#host.ended;
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#release();
    return end;
  }

  #read(stdout: Readable): void {
    let rest = '';
    let bytes = 0;
    stdout.on('error', () => {});
    stdout.setEncoding('utf8').on('data', (text: string) => {
      bytes += text.length;
      if (bytes > MOST_BYTES) return this.#host.kill('output');
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const facts = readFacts(line);
        if (!facts || 'event' in facts) continue;
        this.#results.push(facts);
        this.#onResult?.();
      }
    });
  }
}
