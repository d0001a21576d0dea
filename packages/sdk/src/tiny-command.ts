import type { CancelCommand, PayCommand } from '@bluetap/protocol';
import { bindMethods } from '@bluetap/transport/kit';
import type { CallOptions } from './client/call-queue.js';
import { Client } from './client/client.js';
import type { ClientOptions } from './client/client-options.js';
import type { CancelResult, CommandResult, PayResult } from './common/command-result.js';
import type { ResultCode } from './common/types.js';

/**
 * The vendor's call in the vendor's shape: a command in, a ResultCode out, never an exception. A program that needs
 * more than a code (what became of the command, link events, a reconnect) finds it in `client`.
 */
export class TinyCommand implements AsyncDisposable {
  /** The full client under this. */
  readonly client: Client;
  #lastResult: CommandResult | undefined;

  /**
   * Looks for the device immediately; see `ClientOptions`.
   * @throws TypeError that names every option that breaks its rule, or that there is not.
   */
  constructor(options: ClientOptions) {
    this.client = new Client(options);
    bindMethods(this);
  }

  /**
   * The whole result of the call that settled last: the facts and the cause behind its code. With two calls under way at
   * once it can be that of the other one. `sendPayCommandWithResult` gives the result of its own call.
   */
  get lastResult(): CommandResult | undefined {
    return this.#lastResult;
  }

  /**
   * Asks the device to show the payment link of this command. Never rejects. docs/protocol.md sections 3, 4 and 6.
   * @returns SUCCESS when the payment link is shown (never: paid), or why not. With another code the command may have been
   * executed nevertheless: `sendPayCommandWithResult` says whether it may be sent again.
   */
  async sendPayCommand(command: PayCommand, options?: CallOptions): Promise<ResultCode> {
    return this.#keep(await this.client.pay(command, options));
  }

  /**
   * Asks the device to disable its payment link: of one order, or whichever is live. Never rejects.
   * @returns SUCCESS when no such payment link is live any more, or why not.
   */
  async sendCancelCommand(command?: CancelCommand, options?: CallOptions): Promise<ResultCode> {
    return this.#keep(await this.client.cancel(command, options));
  }

  /** As `sendPayCommand`, with the whole result of this very call: its code, what became of the command, and why. */
  async sendPayCommandWithResult(command: PayCommand, options?: CallOptions): Promise<PayResult> {
    const result = await this.client.pay(command, options);
    this.#keep(result);
    return result;
  }

  /** As `sendCancelCommand`, with the whole result of this very call. */
  async sendCancelCommandWithResult(command?: CancelCommand, options?: CallOptions): Promise<CancelResult> {
    const result = await this.client.cancel(command, options);
    this.#keep(result);
    return result;
  }

  /** Ends every call and leaves nothing open. A program that does not close it does not end. */
  close(): Promise<void> {
    return this.client.close();
  }

  /** Does what `close` does: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #keep(result: CommandResult): ResultCode {
    this.#lastResult = result;
    return result.code;
  }
}
