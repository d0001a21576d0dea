import type { CancelCommand, PayCommand } from '@bluetap/protocol';
import { bindMethods } from '@bluetap/transport/kit';
import type { CallOptions } from './client/call-queue.js';
import { Client } from './client/client.js';
import type { ClientOptions } from './client/client-options.js';
import type { CancelResult, CommandResult, PayResult } from './common/command-result.js';
import type { ResultCode } from './common/types.js';

/**
 * The vendor's call in the vendor's shape: it takes a command, returns a ResultCode and never throws. `client` has
 * everything else: the outcome of a command, the events of the payment link, the reconnection.
 */
export class TinyCommand implements AsyncDisposable {
  /** The full client that this object uses. */
  readonly client: Client;
  #lastResult: CommandResult | undefined;

  /**
   * Starts to look for the device immediately. `ClientOptions` describes the options.
   * @throws TypeError that names every option that breaks its rule, and every name that is not an option.
   */
  constructor(options: ClientOptions) {
    this.client = new Client(options);
    bindMethods(this);
  }

  /**
   * The whole result of the call that settled last: the facts and the cause of its code. If two calls run at the same
   * time, it can be the result of the other call. `sendPayCommandWithResult` returns the result of its own call.
   */
  get lastResult(): CommandResult | undefined {
    return this.#lastResult;
  }

  /**
   * Asks the device to show the payment link of this command. Never rejects. docs/protocol.md sections 3, 4 and 6.
   * @returns SUCCESS if the payment link is shown. SUCCESS never means that the shopper has paid. Any other code says
   * why there is no SUCCESS. The device may have executed the command even then: `sendPayCommandWithResult` says
   * whether it may be sent again.
   */
  async sendPayCommand(command: PayCommand, options?: CallOptions): Promise<ResultCode> {
    return this.#keep(await this.client.pay(command, options));
  }

  /**
   * Asks the device to disable its payment link: the payment link of one order, or the live payment link of any order.
   * Never rejects.
   * @returns SUCCESS if no such payment link is live now. Any other code says why there is no SUCCESS.
   */
  async sendCancelCommand(command?: CancelCommand, options?: CallOptions): Promise<ResultCode> {
    return this.#keep(await this.client.cancel(command, options));
  }

  /**
   * Does what `sendPayCommand` does. Returns the whole result of this call: its code, the outcome of the command, and
   * the cause.
   */
  async sendPayCommandWithResult(command: PayCommand, options?: CallOptions): Promise<PayResult> {
    const result = await this.client.pay(command, options);
    this.#keep(result);
    return result;
  }

  /** Does what `sendCancelCommand` does. Returns the whole result of this call. */
  async sendCancelCommandWithResult(command?: CancelCommand, options?: CallOptions): Promise<CancelResult> {
    const result = await this.client.cancel(command, options);
    this.#keep(result);
    return result;
  }

  /** Ends every call and closes everything. A program that does not call `close` does not end. */
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
