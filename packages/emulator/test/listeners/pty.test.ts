import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import { Emulator, noiseBeforeReplies } from '@bluetap/emulator';
import { type Listener, openPty } from '@bluetap/emulator/node';
import { decodeMessage, encodeMessage, FrameDecoder, type Message, type Request } from '@bluetap/protocol';
import type { TransportError } from '@bluetap/transport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTerminal } from '../../src/listeners/terminal.js';
import { activeResources, settled, Watcher } from '../watcher.js';

let watcher: Watcher;
let emulator: Emulator;
beforeEach(() => {
  watcher = new Watcher();
  emulator = new Emulator({ onEvent: watcher.onEvent });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await emulator.close();
});

/** A host at a terminal that is already in raw mode. */
class TtyHost {
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #messages: Message[] = [];
  readonly hungUp: Promise<void>;
  #wake = () => {};

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    this.#stream = new ReadStream(this.#fd);
    const decoder = new FrameDecoder({
      onFrame: (frame) => {
        const decoded = decodeMessage(frame);
        if (decoded.ok) this.#messages.push(decoded.message);
        this.#wake();
      },
    });
    this.#stream.on('data', (bytes) => decoder.push(bytes));
    this.hungUp = new Promise((resolve) => {
      this.#stream.on('error', () => resolve());
      this.#stream.on('close', () => resolve());
    });
  }

  async say(message: Request): Promise<Message> {
    writeSync(this.#fd, encodeMessage(message));
    return this.next();
  }

  async next(): Promise<Message> {
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.shift()!;
  }

  close(): void {
    this.#stream.destroy();
  }
}

const hello = (nonce: number) => ({ type: 'HELLO', session: 0, sequence: 0, nonce }) as const;

// On CI a missing package fails the tests. Elsewhere the tests are skipped, with a message.
const possible = spawnSync('script', ['--version']).status === 0 || process.env['CI'] === 'true';

describe.skipIf(!possible)('a pseudo-terminal (needs the program script, Debian package bsdutils)', () => {
  test('carries every byte in both directions, with any shell of the user', async () => {
    vi.stubEnv('SHELL', '/bin/false');
    const listener = await openPty(emulator);
    expect(listener.address).toMatch(/^\/dev\//);
    const host = new TtyHost(listener.address);
    // A terminal that is not in raw mode would interpret some of these: interrupt, end of file, newline, XON, XOFF.
    for (let byte = 0; byte < 256; byte++) {
      const nonce = ((byte << 24) | (byte << 16) | (byte << 8) | byte) >>> 0;
      expect(await host.say(hello(nonce))).toMatchObject({ nonce, simulated: true });
    }
    const { session } = await host.say(hello(1));
    expect(await host.say({ type: 'PAY', session, sequence: 1, paymentMethod: 'ALIPAY_PLUS' })).toMatchObject({
      result: 'SUCCESS',
    });
    emulator.tap();
    expect(await host.next()).toMatchObject({ type: 'LINK', taps: 1 });
    await listener.close();
    await listener.close();
    await host.hungUp;
    host.close();
  });

  test('an unplug closes the terminal, and a plug opens another terminal', async () => {
    const addresses: string[] = [];
    let reopened = () => {};
    const listener = await openPty(emulator, {
      onAddress: (address) => {
        addresses.push(address);
        reopened();
      },
      onError: (error) => {
        throw error;
      },
    });
    const first = new TtyHost(listener.address);
    await first.say(hello(1));
    const again = new Promise<void>((resolve) => {
      reopened = resolve;
    });
    emulator.unplug();
    await first.hungUp;
    first.close();
    emulator.plug();
    // After any number of quick changes there is exactly one terminal.
    emulator.powerCycle();
    emulator.powerCycle();
    await again;
    // This takes enough time to open another terminal, if the code did that.
    await (await openPty(emulator)).close();
    expect(addresses).toEqual([listener.address]);
    const second = new TtyHost(listener.address);
    expect(await second.say(hello(2))).toMatchObject({ nonce: 2 });
    await emulator.close();
    await second.hungUp;
    second.close();
    expect(addresses).toHaveLength(1);
  });

  test('if a host floods and does not read, its terminal closes, and another terminal opens', async () => {
    const errors: TransportError[] = [];
    let listener: Listener;
    const again = new Promise<void>((resolve) => {
      const opening = openPty(emulator, { onAddress: () => resolve(), onError: (error) => errors.push(error) });
      void opening.then((opened) => {
        listener = opened;
        void flood(opened.address);
      });
    });
    await again;
    expect(errors).toMatchObject([{ code: 'disconnected' }]);
    const host = new TtyHost(listener!.address);
    expect(await host.say(hello(1))).toMatchObject({ nonce: 1 });
    host.close();
  }, 30_000);

  async function flood(path: string): Promise<void> {
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const bytes = Buffer.concat(Array.from({ length: 50 }, () => encodeMessage(hello(1))));
    for (let error = ''; error !== 'EIO'; await new Promise(setImmediate)) {
      try {
        writeSync(fd, bytes);
      } catch (thrown) {
        error = (thrown as { code: string }).code;
      }
    }
    closeSync(fd);
  }

  test('leaves no process and no handle behind', async () => {
    const processes = () => activeResources(/Process|Pipe/);
    const before = processes();
    const listener = await openPty(emulator);
    expect(processes()).toBeGreaterThan(before);
    await emulator.close();
    await settled(() => processes() <= before);
    expect(existsSync(listener.address)).toBe(false);
  });

  test('while the device is unplugged, no terminal opens', async () => {
    emulator.unplug();
    await expect(openPty(emulator)).rejects.toMatchObject({ code: 'not-found' });
    emulator.plug();
    const opening = openPty(emulator);
    emulator.unplug();
    await expect(opening).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('without a script that works', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bluetap-'));
    vi.stubEnv('PATH', directory);
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const script = (text: string) => {
    writeFileSync(join(directory, 'script'), `#!/bin/sh\n${text}\n`);
    chmodSync(join(directory, 'script'), 0o755);
  };

  test('no script: the error names the package to install', async () => {
    await expect(openPty(emulator)).rejects.toMatchObject({
      name: 'TransportError',
      code: 'missing-library',
      message: expect.stringContaining('bsdutils'),
    });
  });

  test('script prints an error: the message contains it', async () => {
    script('echo "script: illegal option -- f" >&2; exit 1');
    await expect(openPty(emulator)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('illegal option'),
    });
  });

  test('script does not read and prints more: its end is still detected', async () => {
    const octal = [...encodeMessage(hello(1))].map((byte) => `\\\\0${byte.toString(8)}`).join('');
    script(
      `echo /dev/fake >&3; printf %b "${octal}"; /usr/bin/head -c 1000000 /dev/zero; exec /bin/cat <&3 >/dev/null`,
    );
    emulator.use(noiseBeforeReplies(new Uint8Array(1_000_000)));
    const listener = await openPty(emulator);
    expect(listener.address).toBe('/dev/fake');
    while ((await watcher.next('message')).direction !== 'out');
    await listener.close();
  });

  test('(C-28) script answered while this program was suspended: the answer is accepted', async () => {
    script('echo /dev/fake >&3; : >"$PATH/answered"; exec /bin/cat <&3 >/dev/null');
    const starting = startTerminal(50);
    for (
      const begun = performance.now();
      performance.now() - begun < 200 || !existsSync(join(directory, 'answered'));
    );
    const terminal = await starting;
    expect(terminal.path).toBe('/dev/fake');
    terminal.hangUp();
    await terminal.gone;
  });

  test('script does not answer: timeout', async () => {
    script('read line <&3');
    await expect(startTerminal(50)).rejects.toMatchObject({ code: 'timeout' });
  });
});
