import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { WAIT_LIMIT_MS } from './wait-limit.js';

const pos = [process.execPath, fileURLToPath(new URL('pos-program.js', import.meta.url))];

/** A PAY for another POS program: the transport, the device and the order. */
export interface PosOrder {
  /** The name of the transport. */
  readonly transport: string;
  /** The serial number of the device. */
  readonly device: string;
  readonly orderId: string;
}

/** The result of the PAY. `code` is the code of the result, or the code of the error of the transport. */
export interface PosAnswer {
  readonly code?: string | undefined;
  readonly outcome?: string | undefined;
  readonly message?: string | undefined;
}

/** Another POS program: pos-program.ts in a separate process. */
export class PosProcess {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: Interface;

  /** @param prefix The command that runs the program, such as `setpriv` for another user. */
  constructor(prefix: readonly string[] = []) {
    const [program = '', ...args] = [...prefix, ...pos];
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout });
  }

  /** Makes the program pay. */
  async pay(order: PosOrder): Promise<PosAnswer> {
    const answered = once(this.#answers, 'line', { signal: AbortSignal.timeout(WAIT_LIMIT_MS) });
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    const [line] = (await answered) as [string];
    return JSON.parse(line) as PosAnswer;
  }

  /** Ends the stdin of the program, so that the program ends. Resolves with its exit code. */
  async end(): Promise<number | null> {
    const ended = this.#process.exitCode === null ? once(this.#process, 'exit') : [this.#process.exitCode];
    this.#process.stdin.end();
    const [code] = await ended;
    return code;
  }
}
