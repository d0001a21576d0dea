// How far the native parts of the three libraries go.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { usb } from '@bluetap/transport-usb';
import { run } from './bluetap.js';
import { ComPeer } from './com-peer.js';

test('the binding of usb loads, and lists the devices', async () => {
  assert.deepEqual(await usb().list(), []);
});

test('the binding of serialport loads, and lists the ports', async () => {
  assert.deepEqual(await serial().list(), []);
});

test('a port that does not exist is not-found, below COM10 and above', async () => {
  for (const path of ['COM7', 'COM77']) {
    const transport = serial({ path });
    const [device] = await transport.list();
    const handlers = { onData: () => {}, onClose: () => {} };
    await assert.rejects(transport.open(device!, handlers), { code: 'not-found' });
  }
});

describe('what Wine lacks', () => {
  test('functions of cfgmgr32.dll, which hidapi needs: hid() says so, with advice for Windows', async () => {
    await assert.rejects(hid().list(), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'missing-library');
      assert.equal(
        error.message,
        'node-hid did not load (cannot initialize hidapi (hid_init failed)): this Windows lacks a function of hid.dll or cfgmgr32.dll that it needs: use Windows 8 or later; Wine does not have it',
      );
      return true;
    });
  });

  test('USB devices and their COM ports in the lists of the system: only serial({ path }) reaches a device', async () => {
    const peer = await ComPeer.create();
    const [device] = await peer.transport.list();
    const channel = await peer.transport.open(device!, { onData: () => {}, onClose: () => {} });
    assert.deepEqual(await serial().list(), []);
    assert.deepEqual(await usb().list(), []);
    await channel.close();
    await peer.dispose();
  });

  test('COM ports that only one program can open: a second program opens the port too', async () => {
    const peer = await ComPeer.create();
    const [device] = await peer.transport.list();
    const channel = await peer.transport.open(device!, { onData: () => {}, onClose: () => {} });
    const opens = `const { serial } = await import('@bluetap/transport-serial');
      const transport = serial({ path: '${peer.path}' });
      const channel = await transport.open((await transport.list())[0], { onData() {}, onClose() {} });
      await channel.close();`;
    const { code, err } = await run(process.execPath, '--input-type=module', '-e', opens);
    await channel.close();
    await peer.dispose();
    assert.deepEqual({ code, err }, { code: 0, err: '' });
  });

  test('PowerShell: Windows has it, and here it runs no command', async () => {
    const { code } = await run('powershell', '-Command', 'exit 7');
    assert.notEqual(code, 7);
  });
});
