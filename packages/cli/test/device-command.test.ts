import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { call, emulate, run, start } from './cli.js';

/** An emulated device with a control service, in another process. */
async function controlled(args: readonly string[] = []) {
  const { running, ready } = await emulate(['--tcp', '127.0.0.1:0', '--control', ...args]);
  const device = (...rest: string[]) => call(['device', ...rest, '--control', ready.control]);
  return { running, ready, device };
}

test('a lost reply, steered from a shell: nothing is paid twice', async () => {
  const { ready, device } = await controlled();
  expect(ready.control).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/);
  const added = await device('lose-replies', 'type=PAY', 'times=1');
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(added.stdout)).toMatchObject({ name: 'loseReplies', left: 1 });
  const pay = ['pay', '--payment-method', 'TRUEMONEY', '--order-id', 'A1', '--transport', ready.tcp];
  expect(await call(pay)).toMatchObject({ code: 0 });
  expect(JSON.parse((await device('tap')).stdout)).toMatchObject({ read: true, orderId: 'A1' });
  const counts = '{"paymentLinks":1,"payFrames":2,"repeats":1,"taps":1}\n';
  expect(await device('counters')).toEqual({ code: 0, stdout: counts, stderr: '' });
});

test('a state goes out and in again', async () => {
  const { ready, device } = await controlled();
  await call(['pay', '--payment-method', 'SEVEN_11', '--amount', '2.50', '--transport', ready.tcp]);
  const { stdout: state } = await device('export-state');
  await device('reset');
  const back = await device('import-state', `state=${state}`);
  expect(JSON.parse(back.stdout)).toMatchObject({ snapshot: { state: 'ready', amount: '2.50' } });
});

test.each<[string[], number, string]>([
  [['fly'], 64, 'there is no command "fly": there are snapshot, '],
  [['unplug', 'poer=lost'], 2, 'unplug has no parameter "poer": it has power'],
  [['unplug', 'power=off'], 2, 'must be one of kept, lost, but is "off"'],
  [['refuse', 'reason=1e1'], 2, 'must be a whole number from 0 to 255, but is "1e1"'],
  [['refuse'], 2, 'refuse needs the parameter "reason"'],
  [['unplug', 'lost'], 64, 'written NAME=VALUE, but "lost" is not'],
  [['unplug', 'power=lost', 'power=kept'], 64, 'power is given more than once'],
  [['import-state', 'state={'], 64, 'state must be JSON'],
  [['tap', '--device', 'X'], 3, 'no device has the serial number "X": there is EMU-0001'],
])('%j is refused with exit code %d', async (args, code, message) => {
  const { device } = await controlled();
  expect(await device(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
});

test('several devices: one must be chosen', async () => {
  const { device } = await controlled(['--usbip', '127.0.0.1:0', '--devices', '2']);
  const several = 'There are several devices: give --device with one of EMU-0001, EMU-0002.';
  expect(await device('unplug')).toMatchObject({ code: 64, stderr: expect.stringContaining(several) });
  expect(await device('unplug', '--device', 'EMU-0002')).toMatchObject({ code: 0 });
});

test('without the address, with a wrong one, or with no service there', async () => {
  const without = await run(['device', 'tap']);
  expect(without).toMatchObject({ code: 64, stderr: expect.stringContaining('or set BLUETAP_CONTROL') });
  for (const wrong of ['127.0.0.1:4100', 'http://127.0.0.1:4100', 'https://a.example/#token=a', 'http://[/#token=a']) {
    const answer = await call(['device', 'tap', '--control', wrong]);
    expect(answer).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('http://HOST:PORT/#token=TOKEN, but is'),
    });
  }
  const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const other = await call(['device', 'tap', '--control', `http://127.0.0.1:${port}/#token=a`]);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a control service') });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const gone = await call(['device', 'tap', '--control', `http://127.0.0.1:${port}/#token=a`]);
  expect(gone).toMatchObject({ code: 3, stderr: expect.stringContaining('cannot be reached: start') });
  const { ready } = await controlled();
  const stranger = await call(['device', 'tap', '--control', ready.control.replace(/token=.*/, 'token=x')]);
  expect(stranger).toMatchObject({ code: 64, stderr: expect.stringContaining('#token=') });
});

test('-- COMMAND finds the service in BLUETAP_CONTROL', async () => {
  const print = 'console.log(process.env.BLUETAP_CONTROL)';
  const ended = await run(['emulate', '--tcp', '0', '--control', '--', process.execPath, '-e', print]);
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=/) });
  expect(ended.stderr).toContain('Open this page to see and steer it');
});

test('--control: a port in use, an address that is none, one that is open to others', async () => {
  const { ready } = await controlled();
  const { port } = new URL(ready.control);
  const taken = await run(['emulate', '--tcp', '0', '--control', port]);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining(`--control: ${port} is in use: end the`) });
  const wrong = await run(['emulate', '--tcp', '0', '--control', 'nowhere']);
  expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('"nowhere" is not an address') });
  const foreign = await run(['emulate', '--tcp', '0', '--control', '192.0.2.1:0']);
  expect(foreign).toMatchObject({ code: 1, stderr: expect.stringContaining('is not an address of this machine') });
  const here = start(['emulate', '--json', '--tcp', '0', '--control', 'localhost:0']);
  await here.event();
  expect((await here.stop()).stderr).toBe('');
  const open = start(['emulate', '--json', '--tcp', '0', '--control', '0.0.0.0:0']);
  await open.event();
  const { stderr } = await open.stop();
  expect(stderr).toContain('is open to other machines: everyone who has its address with the token can steer');
});

test('commands on stdin are told on the stream', async () => {
  const { running, ready } = await controlled();
  const { origin, hash } = new URL(ready.control);
  const headers = { authorization: `Bearer ${hash.slice('#token='.length)}` };
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${origin}/v1/events`, { headers, signal: abort.signal });
  running.child.stdin?.write('{"do":"unplug"}\n{"do":"snapshot"}\n{"do":"plug"}\n');
  let told = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    told += chunk;
    if (told.includes('"do":"plug"')) break;
  }
  expect(told).toContain(
    '"event":"command","do":"unplug","parameters":{"power":"kept"},"by":"stdin","serialNumber":"EMU-0001"',
  );
  expect(told).not.toContain('"do":"snapshot"');
});
