import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Ends a program when the process that holds its stdin ends, so that no program is left when a test is killed. */
const LEASH = "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume().unref()";

/** A program that tells what happens to it by lines of JSON, and that is killed with the test. */
export class Child<Event extends object> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #onLine: (event: Event) => void;
  /** Resolves when it has ended and all that it said was read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #waiting = new Set<{ readonly wanted: (event: Event) => boolean; readonly found: (event: Event) => void }>();
  #errors = '';

  /** @param onLine Told of every line, in order. */
  constructor(name: string, args: readonly string[], onLine: (event: Event) => void) {
    this.#name = name;
    this.#onLine = onLine;
    const { BLUETAP_TRANSPORT: _, ...env } = process.env;
    this.#process = spawn(process.execPath, ['--import', LEASH, ...args], { env });
    // A write to one that was just killed fails, and what matters is told by its end.
    this.#process.stdin!.on('error', () => {});
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    const lines = createInterface({ input: this.#process.stdout! });
    lines.on('line', (line) => this.#take(line));
    this.ended = new Promise((resolve) => this.#process.once('close', (code, signal) => resolve({ code, signal })));
  }

  get errors(): string {
    return this.#errors;
  }

  send(order: object): void {
    this.#process.stdin!.write(`${JSON.stringify(order)}\n`);
  }

  /** The next line that is wanted. Rejects when the program ends instead, or after `ms`. */
  async next(what: string, wanted: (event: Event) => boolean, ms = 30_000): Promise<Event> {
    let timer: NodeJS.Timeout | undefined;
    const { promise, resolve, reject } = withResolvers<Event>();
    const waiter = { wanted, found: resolve };
    this.#waiting.add(waiter);
    const fail = (why: string) => reject(new Error(`${this.#name} ${why}, before ${what}. ${this.#errors}`));
    timer = setTimeout(() => fail(`was silent for ${ms} ms`), ms);
    void this.ended.then(({ code, signal }) => fail(`ended (${code ?? signal})`));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiter);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#process.kill(signal);
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #take(line: string): void {
    let event: Event;
    try {
      event = JSON.parse(line) as Event;
    } catch {
      // Cut short by a kill: no program can have acted on it.
      return;
    }
    this.#onLine(event);
    for (const { wanted, found } of this.#waiting) if (wanted(event)) found(event);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
