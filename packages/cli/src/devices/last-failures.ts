import { type Transport, TransportError, type TransportErrorCode } from '@bluetap/transport';

/** Failures whose reason `bluetap doctor` finds: a node, a rule, a group, the program that holds the device, a library. */
const EXAMINED: readonly TransportErrorCode[] = ['not-found', 'permission-denied', 'busy', 'missing-library'];

/** The transports that `bluetap doctor` looks at; a port that was named is one of them. */
const HARDWARE = /^(?:hid|usb|serial)(?:$|:)/;

/** Why the devices that the system has could not be listed or opened: the latest failure of each. */
export class LastFailures {
  readonly #codes = new Map<string, TransportErrorCode>();

  /** What a person can do next; undefined when nothing failed, or when `bluetap doctor` knows nothing more. */
  get advice(): string | undefined {
    return [...this.#codes.values()].some((code) => EXAMINED.includes(code))
      ? '"bluetap doctor" tells why a device that is attached cannot be used, and what helps.'
      : undefined;
  }

  /** The transport, with its failures noted; one that does not lead to hardware as it is. */
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
