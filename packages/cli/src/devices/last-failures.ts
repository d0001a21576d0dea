import { type Transport, TransportError, type TransportErrorCode } from '@bluetap/transport';

/** `bluetap doctor` finds the reason of these errors: a node, a rule, a group, another program, a library. */
const EXAMINED: readonly TransportErrorCode[] = ['not-found', 'permission-denied', 'busy', 'missing-library'];

/** The names of the transports that `bluetap doctor` examines. "serial:PATH" is one of them. */
const HARDWARE = /^(?:hid|usb|serial)(?:$|:)/;

/** The latest error of each transport that could not list or open a device. */
export class LastFailures {
  readonly #codes = new Map<string, TransportErrorCode>();

  /** What a person can do next. Undefined if nothing failed, or if `bluetap doctor` does not know more. */
  get advice(): string | undefined {
    return [...this.#codes.values()].some((code) => EXAMINED.includes(code))
      ? '"bluetap doctor" says why an attached device cannot be used, and what to do.'
      : undefined;
  }

  /** Wraps a transport, so that its errors are noted. Returns a transport that does not lead to hardware unchanged. */
  of(transport: Transport): Transport {
    const { name, keepAliveMs } = transport;
    if (!HARDWARE.test(name)) return transport;
    return {
      name,
      keepAliveMs,
      list: (options) => this.#noting(`list ${name}`, () => transport.list(options)),
      open: (device, handlers, options) =>
        this.#noting(`open ${name}`, () => transport.open(device, handlers, options)),
      ...(transport.watch && { watch: (onChange) => transport.watch!(onChange) }),
    };
  }

  async #noting<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#codes.delete(what);
      return result;
    } catch (error) {
      if (error instanceof TransportError) this.#codes.set(what, error.code);
      throw error;
    }
  }
}
