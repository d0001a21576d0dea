import type { ConformanceHarness } from '../src/conformance/index.js';
import { type AbortOptions, type Channel, type ChannelHandlers, type Transport, TransportError } from '../src/index.js';
import { MemoryChannel, type MemoryDevice } from './memory.js';

/** One fault of an otherwise correct transport, and the case that must find it. */
interface Fault {
  /** The fault, after "a transport that". */
  readonly fault: string;
  /** The name of the case. */
  readonly breaks: string;
  /** A part of the message of the failure. */
  readonly says: string;
  make(device: MemoryDevice): ConformanceHarness;
}

/** Replaces methods of the transport. */
function transport(change: (correct: Transport, device: MemoryDevice) => Partial<Transport>): Fault['make'] {
  return (device) => {
    const correct = { ...device.transport };
    Object.assign(device.transport, change(correct, device));
    return device;
  };
}

/** Changes the channels that the transport returns. */
function channel(
  change: (correct: Channel, handlers: ChannelHandlers, device: MemoryDevice) => Partial<Channel>,
): Fault['make'] {
  return transport(({ open }, device) => ({
    async open(info, handlers, options) {
      const correct = await open(info, handlers, options);
      const same: Channel = { write: correct.write.bind(correct), close: correct.close.bind(correct) };
      return { ...same, ...change(same, handlers, device) };
    },
  }));
}

/** Changes the handlers that each channel calls. */
function handlers(change: (given: ChannelHandlers, device: MemoryDevice) => Partial<ChannelHandlers>): Fault['make'] {
  return transport(({ open }, device) => ({
    open: (info, given, options) => {
      const same: ChannelHandlers = {
        onData: (bytes) => given.onData(bytes),
        onClose: (error) => given.onClose(error),
      };
      return open(info, { ...same, ...change(given, device) }, options);
    },
  }));
}

function harness(change: (device: MemoryDevice) => Partial<ConformanceHarness>): Fault['make'] {
  return (device) => Object.assign(device, change(device));
}

const never = new Promise<never>(() => {});
const disconnected = (): TransportError => new TransportError('disconnected', 'gone');

export const faults: readonly Fault[] = [
  // list
  {
    fault: 'lists two devices with the same id',
    breaks: 'list returns entries with distinct ids, and the same ids again',
    says: 'two listed devices have the same id',
    make: transport((_, { info }) => ({ list: async () => [info, info] })),
  },
  {
    fault: 'makes up a new id for every list',
    breaks: 'list returns entries with distinct ids, and the same ids again',
    says: 'although nothing changed',
    make: transport(() => {
      let count = 0;
      return { list: async () => [{ id: `device-${count++}` }] };
    }),
  },
  {
    fault: 'lists for an aborted signal',
    breaks: 'list with an aborted signal rejects with its reason',
    says: 'resolved instead of rejecting',
    make: transport(({ list }) => ({ list: () => list() })),
  },
  {
    fault: 'throws from list instead of rejecting',
    breaks: 'list with an aborted signal rejects with its reason',
    says: 'threw',
    make: transport(({ list }) => ({
      list(options) {
        options?.signal?.throwIfAborted();
        return list(options);
      },
    })),
  },
  {
    fault: 'lacks a watch that the setup declares',
    breaks: 'the transport has a name, and has watch exactly if the setup declares watch',
    says: 'the transport differs',
    make: (device) => {
      const { name, list, open } = device.transport;
      return Object.assign(device, { transport: { name, list, open } });
    },
  },

  // open
  {
    fault: 'opens any id',
    breaks: 'open of an unknown id rejects with not-found',
    says: 'resolved instead of rejecting',
    make: transport(({ open }, { info }) => ({ open: (_, given, options) => open(info, given, options) })),
  },
  {
    fault: 'rejects with a plain Error for an unknown id',
    breaks: 'open of an unknown id rejects with not-found',
    says: 'expected a TransportError not-found, got Error: cannot open device',
    make: transport(({ open }) => ({
      open: (...args) => open(...args).catch(() => Promise.reject(new Error('cannot open device'))),
    })),
  },
  {
    fault: 'rejects with a wrong code for an unknown id',
    breaks: 'open of an unknown id rejects with not-found',
    says: 'got TransportError io',
    make: transport(({ open }) => ({
      open: (...args) => open(...args).catch(() => Promise.reject(new TransportError('io', 'failed'))),
    })),
  },
  {
    fault: 'calls onClose for an open that it rejects',
    breaks: 'open of an unknown id rejects with not-found',
    says: 'before open was rejected',
    make: transport(({ open }) => ({
      open: (info, given, options) =>
        open(info, given, options).catch((error: TransportError) => {
          given.onClose(error);
          throw error;
        }),
    })),
  },
  {
    fault: 'never settles open',
    breaks: 'close can be called several times, also at the same time',
    says: 'while waiting for open to settle',
    make: transport(() => ({ open: () => never })),
  },
  {
    fault: 'opens for an aborted signal',
    breaks: 'open with an aborted signal rejects with its reason',
    says: 'resolved instead of rejecting',
    make: transport(({ open }) => ({ open: (info, given) => open(info, given) })),
  },
  {
    fault: 'rejects with its own abort error instead of the reason',
    breaks: 'open with an aborted signal rejects with its reason',
    says: 'expected the reason of the signal',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        if (options?.signal?.aborted) throw new Error('AbortError');
        return open(info, given, options);
      },
    })),
  },
  {
    fault: 'checks the signal only before it opens',
    breaks: 'an abort in the same turn as the call of open rejects with the reason',
    says: 'resolved instead of rejecting',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        options?.signal?.throwIfAborted();
        return open(info, given);
      },
    })),
  },
  {
    fault: 'leaves the channel open when open is aborted',
    breaks: 'an abort in the same turn as the call of open rejects with the reason',
    says: 'while waiting for channelsClosed()',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        const opened = await open(info, given);
        options?.signal?.throwIfAborted();
        return opened;
      },
    })),
  },
  {
    fault: 'ends a channel when the signal of its open aborts later',
    breaks: 'an abort after open does not change the channel: the signal belongs to the call',
    says: 'closed',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        const opened = await open(info, given, options);
        options?.signal?.addEventListener('abort', () => void opened.close(), { once: true });
        return opened;
      },
    })),
  },
  {
    fault: 'leaves a listener on the signal of a write',
    breaks: 'list, open, write and close leave no listener on a signal',
    says: 'write left a listener',
    make: channel(({ write }) => ({
      write(bytes, options) {
        options?.signal?.addEventListener('abort', () => {}, { once: true });
        return write(bytes, options);
      },
    })),
  },
  {
    fault: 'can be opened 50 times',
    breaks: 'many channels, one after the other, leave nothing open',
    says: 'too many open files',
    make: transport(({ open }) => {
      let opens = 0;
      return {
        async open(...args) {
          opens += 1;
          if (opens > 50) throw new TransportError('io', 'too many open files');
          return open(...args);
        },
      };
    }),
  },
  {
    fault: 'forgets to close the device',
    breaks: 'many channels, one after the other, leave nothing open',
    says: 'while waiting for channelsClosed()',
    make: channel(({ close }, _, device) => ({
      async close() {
        await close();
        new MemoryChannel(device, { onData: () => {}, onClose: () => {} });
      },
    })),
  },
  {
    fault: 'refuses a second open although the setup says that it works',
    breaks: 'a second open works, and closing it does not change the first channel',
    says: 'held',
    make: transport(({ open }, device) => ({
      async open(...args) {
        if (device.channels.length > 0) throw new TransportError('busy', 'held');
        return open(...args);
      },
    })),
  },
  {
    fault: 'ends the first channel with the second',
    breaks: 'a second open works, and closing it does not change the first channel',
    says: 'closed',
    make: channel((_, __, device) => ({
      async close() {
        await Promise.all([...device.channels].map((each) => each.close()));
      },
    })),
  },

  // bytes
  {
    fault: 'loses XON and XOFF',
    breaks: 'every byte value from 1 to 255 arrives, in both directions',
    says: 'is not the frame that was sent',
    make: channel(({ write }) => ({
      write: (bytes, options) =>
        write(
          bytes.filter((byte) => byte !== 0x11 && byte !== 0x13),
          options,
        ),
    })),
  },
  {
    fault: 'loses XON and XOFF from the device',
    breaks: 'every byte value from 1 to 255 arrives, in both directions',
    says: 'is not the frame that was sent',
    make: handlers((given) => ({
      onData: (bytes) => given.onData(bytes.filter((byte) => byte !== 0x11 && byte !== 0x13)),
    })),
  },
  {
    fault: 'loses data of exactly one packet',
    breaks: 'frames of every length around a packet arrive, in both directions',
    says: 'frame 4 of 12 is not the frame that was sent',
    make: handlers((given) => ({
      onData: (bytes) => {
        if (bytes.length !== 64) given.onData(bytes);
      },
    })),
  },
  {
    fault: 'sends every second write first',
    breaks: 'writes that were not awaited arrive in order',
    says: 'frame 1 of 100 is not the frame that was sent',
    make: channel(({ write }) => {
      let count = 0;
      return {
        async write(bytes, options) {
          count += 1;
          if (count % 2 === 1) await undefined;
          return write(bytes, options);
        },
      };
    }),
  },
  {
    fault: 'loses the hundredth write',
    breaks: 'many small writes arrive in order',
    says: 'to reach the device',
    make: channel(({ write }) => {
      let count = 0;
      return {
        async write(bytes, options) {
          count += 1;
          if (count < 100) await write(bytes, options);
        },
      };
    }),
  },
  {
    fault: 'sends at most 4096 bytes of a write',
    breaks: 'one large write arrives whole',
    says: 'while waiting for 252 frames to reach the device',
    make: channel(({ write }) => ({ write: (bytes, options) => write(bytes.subarray(0, 4096), options) })),
  },
  {
    fault: 'uses one buffer for all reads',
    breaks: 'frames of every length around a packet arrive, in both directions',
    says: 'they belong to the handler',
    make: handlers((given) => {
      const buffer = new Uint8Array(65_536);
      return {
        onData: (bytes) => {
          buffer.set(bytes);
          given.onData(buffer.subarray(0, bytes.length));
        },
      };
    }),
  },
  {
    fault: 'calls onData with no bytes',
    breaks: 'bytes that the device sends right after open are not lost',
    says: 'instead of at least one byte',
    make: handlers((given) => ({
      onData: (bytes) => {
        given.onData(bytes);
        given.onData(new Uint8Array());
      },
    })),
  },
  {
    fault: 'loses bytes that come before open has resolved',
    breaks: 'bytes that the device sends when it sees the channel are not lost',
    says: 'to reach the host',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        let listening = false;
        const late: ChannelHandlers = {
          onData: (bytes) => listening && given.onData(bytes),
          onClose: (error) => given.onClose(error),
        };
        const opened = await open(info, late, options);
        await undefined;
        listening = true;
        return opened;
      },
    })),
  },
  {
    fault: 'loses the first bytes of every channel',
    breaks: 'bytes that the device sends right after open are not lost',
    says: 'to reach the host',
    make: handlers((given) => {
      let first = true;
      return {
        onData: (bytes) => {
          if (!first) given.onData(bytes);
          first = false;
        },
      };
    }),
  },
  {
    fault: 'calls onData inside write',
    breaks: 'no handler is called inside a call, even if the device answers immediately',
    says: 'onData was called inside write',
    make: transport(({ open }, device) => ({
      open: (info, given, options) => {
        device.send = async (bytes) => given.onData(bytes.slice());
        return open(info, given, options);
      },
    })),
  },
  {
    fault: 'cannot write from inside onData',
    breaks: 'a write from inside onData arrives',
    says: 'while waiting for write to settle',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        let inData = false;
        const opened = await open(
          info,
          {
            onData: (bytes) => {
              inData = true;
              given.onData(bytes);
              inData = false;
            },
            onClose: (error) => given.onClose(error),
          },
          options,
        );
        return {
          write: (bytes, writeOptions) => (inData ? never : opened.write(bytes, writeOptions)),
          close: () => opened.close(),
        };
      },
    })),
  },
  {
    fault: 'sends from the buffer of a write that has resolved',
    breaks: 'the bytes of a write may be reused after the write has resolved',
    says: 'is not the frame that was sent',
    make: channel(({ write }) => ({
      async write(bytes) {
        setImmediate(() => void write(bytes));
      },
    })),
  },
  {
    fault: 'sends a write whose signal is aborted',
    breaks: 'write with an aborted signal rejects with its reason, and sends nothing',
    says: 'is not the frame that was sent',
    make: channel(({ write }) => ({
      async write(bytes, options) {
        await write(bytes);
        options?.signal?.throwIfAborted();
      },
    })),
  },
  {
    fault: 'ends the channel when a write is aborted',
    breaks: 'a write that is aborted settles, and the channel stays open',
    says: 'closed',
    make: channel(({ write, close }) => ({
      async write(bytes, options) {
        options?.signal?.addEventListener('abort', () => void close(), { once: true });
        await write(bytes, options);
      },
    })),
  },
  {
    fault: 'ignores an abort while it writes',
    breaks: 'an abort ends a write that the device does not accept',
    says: 'while waiting for write to settle',
    make: channel(({ write }) => ({
      async write(bytes, options) {
        options?.signal?.throwIfAborted();
        return write(bytes);
      },
    })),
  },

  // close
  {
    fault: 'calls onClose at every close',
    breaks: 'close can be called several times, also at the same time',
    says: 'onClose was called 4 times',
    make: channel(({ close }, given) => {
      let closes = 0;
      return {
        async close() {
          closes += 1;
          const again = closes > 1;
          await close();
          if (again) given.onClose();
        },
      };
    }),
  },
  {
    fault: 'rejects a second close',
    breaks: 'close can be called several times, also at the same time',
    says: 'already closed',
    make: channel(({ close }) => {
      let closes = 0;
      return {
        async close() {
          closes += 1;
          if (closes > 1) throw new Error('already closed');
          await close();
        },
      };
    }),
  },
  {
    fault: 'never calls onClose after close',
    breaks: 'close calls onClose once, without an error, before it resolves',
    says: 'onClose was called 0 times',
    make: handlers((given) => ({ onClose: (error) => error && given.onClose(error) })),
  },
  {
    fault: 'calls onClose with an error after close',
    breaks: 'close calls onClose once, without an error, before it resolves',
    says: 'onClose got an error',
    make: handlers((given) => ({ onClose: () => given.onClose(disconnected()) })),
  },
  {
    fault: 'resolves close before onClose',
    breaks: 'close calls onClose once, without an error, before it resolves',
    says: 'onClose was called 0 times',
    make: channel(({ close }) => ({
      async close() {
        setImmediate(() => void close());
      },
    })),
  },
  {
    fault: 'calls onClose inside close',
    breaks: 'no handler is called inside a call, even if the device answers immediately',
    says: 'onClose was called inside close',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        const opened = await open(info, { onData: (bytes) => given.onData(bytes), onClose: () => {} }, options);
        let closed = false;
        return {
          write: (bytes, writeOptions) => opened.write(bytes, writeOptions),
          async close() {
            if (!closed) given.onClose();
            closed = true;
            await opened.close();
          },
        };
      },
    })),
  },
  {
    fault: 'accepts a write after close',
    breaks: 'write after close rejects with disconnected',
    says: 'resolved instead of rejecting',
    make: channel(({ write }) => ({ write: (bytes, options) => write(bytes, options).catch(() => {}) })),
  },
  {
    fault: 'rejects a write after close with a wrong code',
    breaks: 'write after close rejects with disconnected',
    says: 'expected a TransportError disconnected, got TransportError io',
    make: channel(({ write }) => ({
      write: (bytes, options) =>
        write(bytes, options).catch(() => Promise.reject(new TransportError('io', 'write EBADF'))),
    })),
  },
  {
    fault: 'calls onData after onClose',
    breaks: 'no data comes after onClose, although the device continues to send',
    says: 'onData was called after onClose',
    make: handlers((given) => {
      const pending: Uint8Array[] = [];
      return {
        onData: (bytes) => {
          pending.push(bytes.slice(-130));
          given.onData(bytes);
        },
        onClose: (error) => {
          given.onClose(error);
          for (const bytes of pending) given.onData(bytes);
        },
      };
    }),
  },
  {
    fault: 'hangs if it is closed from inside onData',
    breaks: 'close from inside onData works',
    says: 'while waiting for close to settle',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        let inData = false;
        const opened = await open(
          info,
          {
            onData: (bytes) => {
              inData = true;
              given.onData(bytes);
              inData = false;
            },
            onClose: (error) => given.onClose(error),
          },
          options,
        );
        return {
          write: (bytes, writeOptions) => opened.write(bytes, writeOptions),
          close: () => (inData ? never : opened.close()),
        };
      },
    })),
  },
  {
    fault: 'leaves a write unsettled at close',
    breaks: 'close and a write end, although the device accepts nothing',
    says: 'while waiting for write to settle',
    make: channel(({ write }, _, device) => ({
      write: (bytes, options) => (device.stalled ? never : write(bytes, options)),
    })),
  },
  {
    fault: 'closes only when the device has accepted everything',
    breaks: 'close and a write end, although the device accepts nothing',
    says: 'while waiting for close to settle',
    make: channel(({ close }, _, device) => ({ close: () => (device.stalled ? never : close()) })),
  },
  {
    fault: 'never settles the writes under way at close',
    breaks: 'close settles the writes under way',
    says: 'while waiting for write to settle',
    make: channel(({ write }) => {
      let count = 0;
      return {
        write: (bytes, options) => {
          count += 1;
          return count > 3 ? never : write(bytes, options);
        },
      };
    }),
  },

  // unplug
  {
    fault: 'does not notice an unplug',
    breaks: 'an unplug calls onClose of an idle channel once, with disconnected',
    says: 'while waiting for onClose after the unplug',
    make: harness((device) => ({
      unplug: async () => {
        device.plugged = false;
      },
    })),
  },
  {
    fault: 'reports an unplug with a wrong code',
    breaks: 'an unplug calls onClose of an idle channel once, with disconnected',
    says: 'expected a TransportError disconnected, got TransportError io',
    make: handlers((given) => ({ onClose: (error) => given.onClose(error && new TransportError('io', 'EIO')) })),
  },
  {
    fault: 'reports an unplug without an error',
    breaks: 'an unplug calls onClose of an idle channel once, with disconnected',
    says: 'expected a TransportError disconnected, got undefined',
    make: handlers((given) => ({ onClose: () => given.onClose() })),
  },
  {
    fault: 'calls onClose for the unplug and again for the close',
    breaks: 'close right after an unplug resolves, and onClose is called once',
    says: 'onClose was called 2 times',
    make: channel(({ close }, given) => {
      let closed = false;
      return {
        async close() {
          await close();
          if (!closed) given.onClose();
          closed = true;
        },
      };
    }),
  },
  {
    fault: 'accepts a write after an unplug',
    breaks: 'write after an unplug rejects with disconnected',
    says: 'resolved instead of rejecting',
    make: channel(({ write }) => ({ write: (bytes, options) => write(bytes, options).catch(() => {}) })),
  },
  {
    fault: 'rejects a write at an unplug with a plain error',
    breaks: 'an unplug ends a write that the device does not accept',
    says: 'got Error: EIO',
    make: channel(({ write }) => ({
      write: (bytes, options) => write(bytes, options).catch(() => Promise.reject(new Error('EIO'))),
    })),
  },
  {
    fault: 'leaves writes unsettled at an unplug',
    breaks: 'an unplug settles the writes under way',
    says: 'while waiting for write to settle',
    make: channel(() => ({ write: () => never })),
  },
  {
    fault: 'hangs if it is closed from inside onClose',
    breaks: 'close during an unplug and from inside onClose resolves',
    says: 'while waiting for close to settle',
    make: transport(({ open }) => ({
      async open(info, given, options) {
        let inClose = false;
        const opened = await open(
          info,
          {
            onData: (bytes) => given.onData(bytes),
            onClose: (error) => {
              inClose = true;
              given.onClose(error);
              inClose = false;
            },
          },
          options,
        );
        return {
          write: (bytes, writeOptions) => opened.write(bytes, writeOptions),
          close: () => (inClose ? never : opened.close()),
        };
      },
    })),
  },
  {
    fault: 'opens an unplugged device',
    breaks: 'an unplugged device cannot be opened, but can be opened again after plug',
    says: 'resolved instead of rejecting',
    make: transport((_, device) => ({ open: async (_info, given) => new MemoryChannel(device, given) })),
  },
  {
    fault: 'lists an unplugged device',
    breaks: 'an unplugged device cannot be opened, but can be opened again after plug',
    says: 'the unplugged device memory-1 is still listed',
    make: transport((_, { info }) => ({ list: async () => [info] })),
  },
  {
    fault: 'cannot open a device that was plugged in again',
    breaks: 'an unplugged device cannot be opened, but can be opened again after plug',
    says: 'stale',
    make: transport(({ open }, device) => {
      let gone = false;
      return {
        async open(...args) {
          gone ||= !device.plugged;
          const opened = await open(...args);
          if (gone) throw new TransportError('io', 'stale');
          return opened;
        },
      };
    }),
  },
  {
    fault: 'returns a channel that does not end after an unplug during open',
    breaks: 'open during an unplug rejects, or returns a channel that ends',
    says: 'while waiting for onClose after the unplug',
    make: transport(({ open }, device) => ({
      async open(info, given, options: AbortOptions = {}) {
        const opened = await open(info, given, options).catch(() => undefined);
        return opened ?? new MemoryChannel(device, given);
      },
    })),
  },

  // watch
  {
    fault: 'has a watch that cannot be stopped twice',
    breaks: 'a watch can be stopped twice',
    says: 'stopped already',
    make: transport(({ watch }) => ({
      watch: (onChange) => {
        const stop = watch?.(onChange);
        let stopped = false;
        return () => {
          if (stopped) throw new Error('stopped already');
          stopped = true;
          stop?.();
        };
      },
    })),
  },
  {
    fault: 'never reports a change',
    breaks: 'watch reports an unplug and a plug',
    says: 'while waiting for watch to report the unplug',
    make: transport(() => ({ watch: () => () => {} })),
  },
  {
    fault: 'reports only an unplug',
    breaks: 'watch reports an unplug and a plug',
    says: 'while waiting for watch to report the plug',
    make: transport(({ watch }, device) => ({
      watch: (onChange) => watch?.(() => device.plugged || onChange()) ?? (() => {}),
    })),
  },
  {
    fault: 'reports after it was stopped',
    breaks: 'a stopped watch makes no calls, and another watch still reports',
    says: 'after its watch had been stopped',
    make: transport(({ watch }) => ({
      watch: (onChange) => {
        watch?.(onChange);
        return () => {};
      },
    })),
  },
  {
    fault: 'stops every watch together with one watch',
    breaks: 'a stopped watch makes no calls, and another watch still reports',
    says: 'while waiting for the other watch',
    make: transport(({ watch }, device) => ({
      watch: (onChange) => {
        watch?.(onChange);
        return () => device.watchers.clear();
      },
    })),
  },
];
