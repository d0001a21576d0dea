import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { PtyPeer } from './pty.js';
import { havePty } from './terminal.js';

const library = new URL('../dist/index.js', import.meta.url).href;

/** Lists ports and opens `path` in a worker thread, with the real library. Returns the results of the worker. */
async function inWorker(path: string): Promise<{ listed: unknown; opened: unknown }> {
  const source = `
    const { parentPort } = require('node:worker_threads');
    (async () => {
      const { serial } = await import(${JSON.stringify(library)});
      const told = ({ name, code, message }) => ({ name, code, message });
      const listed = await serial().list().then(Array.isArray, told);
      const transport = serial({ path: ${JSON.stringify(path)} });
      const handlers = { onData() {}, onClose() {} };
      const opened = await transport.open({ id: ${JSON.stringify(path)} }, handlers).then(() => 'open', told);
      parentPort.postMessage({ listed, opened });
    })();`;
  const worker = new Worker(source, { eval: true, execArgv: [] });
  const [told] = (await once(worker, 'message')) as [{ listed: unknown; opened: unknown }];
  await worker.terminate();
  return told;
}

const refused = (path: string) => ({
  name: 'TransportError',
  code: 'io',
  message: `the serial port ${path} cannot be opened in a worker thread: open it on the main thread, or in a separate process (child_process.fork), or use hid() or usb()`,
});

describe('the real library in a worker thread (C-24)', () => {
  it('lists ports, refuses to open a port, and says what to do', async () => {
    expect(await inWorker('/dev/none')).toEqual({ listed: true, opened: refused('/dev/none') });
  });

  it.runIf(havePty)('does not touch a port that is there: the main thread opens it afterwards', async () => {
    const peer = await PtyPeer.create();
    expect((await inWorker(peer.path)).opened).toEqual(refused(peer.path));
    const channel = await peer.transport.open({ id: peer.path }, { onData: () => {}, onClose: () => {} });
    await channel.close();
    await peer.dispose();
  });
});
