import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from './patience.mjs';

const pos = [process.execPath, fileURLToPath(new URL('pos.mjs', import.meta.url))];

/** Another POS program. */
export class PosProcess {
  #process;
  #answers;

  /** @param {readonly string[]} prefix what runs it, such as another user */
  constructor(prefix = []) {
    const [program = '', ...args] = [...prefix, ...pos];
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout });
  }

  /**
   * @param {{ transport: string, device: string, orderId: string }} order
   * @returns {Promise<{ code?: string, outcome?: string, message?: string }>} the code is the result's, or the transport's
   */
  async pay(order) {
    const answered = once(this.#answers, 'line', { signal: AbortSignal.timeout(PATIENCE_MS) });
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    const [line] = await answered;
    return JSON.parse(line);
  }

  /** Ends as a program should. @returns {Promise<number | null>} its exit code */
  async end() {
    const ended = this.#process.exitCode === null ? once(this.#process, 'exit') : [this.#process.exitCode];
    this.#process.stdin.end();
    const [code] = await ended;
    return code;
  }
}
