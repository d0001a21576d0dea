import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Ends a program when the process at the other end of its stdin ends. So no program is left if a test is killed. */
const LEASH = "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume().unref()";

/** A program that reports events as lines of JSON. It ends when the test is killed. */
export class Child<Event extends object> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #onLine: (event: Event) => void;
  /** Resolves when the program has ended and all of its output was read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #waiting = new Set<{ readonly wanted: (event: Event) => boolean; readonly found: (event: Event) => void }>();
  #errors = '';

  /** @param onLine Called with every line, in order. */
  constructor(name: string, args: readonly string[], onLine: (event: Event) => void) {
    this.#name = name;
    this.#onLine = onLine;
    const { BLUETAP_TRANSPORT: _, ...env } = process.env;
    this.#process = spawn(process.execPath, ['--import', LEASH, ...args], { env });
    // A write to a program that was just killed fails. `ended` reports the end of the program.
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

  /** Returns the next wanted line. Rejects if the program ends first, or after `ms`. */
  async next(what: string, wanted: (event: Event) => boolean, ms = 30_000): Promise<Event> {
    let timer: NodeJS.Timeout | undefined;
    const { promise, resolve, reject } = withResolvers<Event>();
    const waiter = { wanted, found: resolve };
    this.#waiting.add(waiter);
    const fail = (why: string) => reject(new Error(`${this.#name} ${why} before ${what}. ${this.#errors}`));
    timer = setTimeout(() => fail(`printed nothing for ${ms} ms`), ms);
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
      // A kill cut this line short. No program can have acted on it.
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
