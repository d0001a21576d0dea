import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeMessage } from '@bluetap/protocol';
import { expect, test } from 'vitest';
import { command, events, service } from './service.js';

test('the stream begins with everything that can be seen; then it tells what happens and who did it', async () => {
  const { control } = await service();
  const stream = await events(control);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await stream.next()).toMatchObject({
    event: 'devices',
    version: 1,
    service: expect.stringMatching(/^[0-9a-f]{16}$/),
    devices: [{ snapshot: { serialNumber: 'EMU-0001' } }],
  });
  await command(control, 'unplug', { power: 'lost' });
  expect(await stream.next()).toMatchObject({ event: 'unplug', power: 'lost', serialNumber: 'EMU-0001', streamId: 1 });
  expect(await stream.next()).toMatchObject({ event: 'start', time: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(await stream.next()).toMatchObject({
    event: 'command',
    do: 'unplug',
    parameters: { power: 'lost' },
    by: 'http',
  });
  await command(control, 'snapshot');
  control.command('plug', {}, 'stdin', 'EMU-0001');
  expect(await stream.next()).toMatchObject({ event: 'command', do: 'plug', by: 'stdin' });
});

test('a reader that comes later gets the recent events, and after a break only the newer ones', async () => {
  const { control, devices } = await service();
  for (let count = 0; count < 1200; count++) {
    devices[0]!.emulator.unplug();
    devices[0]!.emulator.plug();
  }
  const late = await events(control);
  await late.next();
  const first = await late.next();
  expect(first.streamId).toBe(2400 - 1000 + 1);
  const again = await events(control, 2398);
  await again.next();
  expect(await again.next()).toMatchObject({ streamId: 2399, event: 'unplug' });
  const ahead = await events(control, 99_999);
  expect(await ahead.next()).toMatchObject({ lastId: 2400 });
  expect((await ahead.next()).streamId).toBe(first.streamId);
});

test('the number of an event of another process is not believed', async () => {
  const { control, devices } = await service();
  for (let count = 0; count < 10; count++) devices[0]!.emulator.powerCycle();
  const first = await events(control);
  const { service: id } = await first.next();
  const same = await events(control, 5, id);
  await same.next();
  expect((await same.next()).streamId).toBe(6);
  const other = await events(control, 5, 'another');
  await other.next();
  expect((await other.next()).streamId).toBe(1);
});

test('a reader that never reads loses events, costs a bounded amount of memory, and is told how many', async () => {
  const { control, devices } = await service();
  const { port } = new URL(control.origin);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${control.token}\r\n\r\n`);
  await once(socket, 'readable');
  const fast = await events(control);
  await fast.next();
  // 40 MB, of which the service may keep one for the reader, and the system a few in its sockets.
  const large = { event: 'tap', uri: 'x'.repeat(8000), snapshot: devices[0]!.emulator.snapshot } as const;
  for (let round = 1; round <= 50; round++) {
    for (let count = 0; count < 100; count++) control.event(large, 'EMU-0001');
    expect(await fast.next(({ event, streamId }) => event === 'skipped' || streamId === round * 100)).toMatchObject({
      event: 'tap',
    });
  }
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  socket.resume();
  while (!text.includes('"skipped"')) await once(socket, 'data');
  const [, count] = /"event":"skipped","count":(\d+)/.exec(text) ?? [];
  expect(Number(count)).toBeGreaterThan(1000);
  socket.destroy();
});

test('fifty readers get the same, and none is left after they go', async () => {
  const { control } = await service();
  const readers = await Promise.all(Array.from({ length: 50 }, () => events(control)));
  for (const reader of readers) expect((await reader.next()).event).toBe('devices');
  await command(control, 'unplug');
  for (const reader of readers) expect(await reader.next()).toMatchObject({ event: 'unplug', streamId: 1 });
  for (const reader of readers) reader.stop();
});

test('more readers than 256 are refused, until one goes', async () => {
  const { control } = await service();
  const readers = await Promise.all(Array.from({ length: 256 }, () => events(control)));
  for (const reader of readers) await reader.next();
  expect((await events(control)).response.status).toBe(503);
  for (const reader of readers) reader.stop();
});

test('what a behaviour did is told, with the bytes', async () => {
  const { control, devices } = await service();
  await command(control, 'lose-replies', { type: 'HELLO' });
  const connection = devices[0]!.emulator.attach({ name: 'test', send: () => {}, close: () => {} });
  const stream = await events(control);
  connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
  const reply = await stream.next(({ message }) => message?.type === 'HELLO_REPLY');
  expect(reply.wire).toMatch(/^00.*00$/);
  expect(await stream.next(({ event }) => event === 'behaviour')).toMatchObject({
    effect: 'lost',
    frameNumber: reply.frameNumber,
    left: 0,
  });
});

test('close ends the readers', async () => {
  const { control } = await service();
  const stream = await events(control);
  await stream.next();
  await Promise.all([control.close(), control.close()]);
  await expect(stream.next()).rejects.toThrow();
});
