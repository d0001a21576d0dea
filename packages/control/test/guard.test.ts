import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ask, command, service, statusOf } from './service.js';

test('the service announces no end of an idle connection, so no request meets a connection that closes', async () => {
  const { control } = await service();
  const { headers } = await ask(control, '/v1');
  expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', null]);
});

test('a request without the token, or with another one, is refused and told where the token is', async () => {
  const { control, devices } = await service();
  for (const authorization of ['', 'Bearer', `Bearer ${'x'.repeat(32)}`, `Basic ${control.token}`]) {
    const { status, body, headers } = await ask(control, '/v1/devices/EMU-0001/unplug', {
      method: 'POST',
      body: '{}',
      headers: { authorization },
    });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.error).toMatchObject({ code: 'no-token', message: expect.stringContaining('#token=') });
  }
  expect(devices[0]!.emulator.plugged).toBe(true);
  expect((await ask(control, '/v1')).status).toBe(200);
});

test('a foreign Host is refused: the DNS of another site can lead to this machine', async () => {
  const { control } = await service();
  const { port } = new URL(control.origin);
  for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example']) {
    expect([host, await statusOf(control, '/v1', { host })]).toEqual([host, 421]);
    expect([host, await statusOf(control, '/', { host })]).toEqual([host, 421]);
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect([host, await statusOf(control, '/v1', { host })]).toEqual([host, 200]);
  }
});

test('a page of another site is refused, whatever it sends', async () => {
  const { control } = await service();
  const { host } = new URL(control.origin);
  const attacks: readonly Readonly<Record<string, string>>[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `https://${host}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of attacks) {
    expect([headers, await statusOf(control, '/v1', headers)]).toEqual([headers, 403]);
    expect([headers, await statusOf(control, '/', headers)]).toEqual([headers, 403]);
    expect([headers, await statusOf(control, '/v1/devices/EMU-0001/tap', headers, 'POST')]).toEqual([headers, 403]);
  }
  const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
  expect(await statusOf(control, '/v1/devices/EMU-0001/tap', preflight, 'OPTIONS')).toBe(403);
  for (const headers of [
    { origin: `http://${host}` },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]) {
    expect([headers, await statusOf(control, '/v1', headers)]).toEqual([headers, 200]);
  }
});

test('no answer lets another site read it, and the page loads nothing from elsewhere', async () => {
  const { control } = await service();
  for (const path of ['/v1', '/openapi.json', '/nothing']) {
    const { headers } = await ask(control, path);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  }
});

test('a body that a form can send, that is not JSON, or that is too large, is refused', async () => {
  const { control, devices } = await service();
  const post = (body: string, type: string) =>
    ask(control, '/v1/devices/EMU-0001/unplug', { method: 'POST', body, headers: { 'content-type': type } });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
    const { status, body } = await post('{}', type);
    expect([type, status, body.error.code]).toEqual([type, 415, 'not-json']);
  }
  for (const body of ['{', '[]', '5', 'null']) {
    expect([body, (await post(body, 'application/json')).status]).toEqual([body, 400]);
  }
  expect((await post(JSON.stringify({ power: 'x'.repeat(70_000) }), 'application/json')).body.error).toMatchObject({
    code: 'too-large',
    message: expect.stringContaining('65536'),
  });
  expect(devices[0]!.emulator.plugged).toBe(true);
  expect((await post('', 'application/json; charset=utf-8')).status).toBe(200);
});

test('a body of 1 GB is refused before it comes', async () => {
  const { control } = await service();
  const { port } = new URL(control.origin);
  const socket = connect(Number(port), '127.0.0.1');
  const head = [
    'POST /v1/devices/EMU-0001/tap HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${control.token}`,
    'content-type: application/json',
    `content-length: ${2 ** 30}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const answer = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('the token is another one for each service, and is only in the fragment', async () => {
  const [one, two] = [await service(), await service()];
  expect(one.control.token).not.toBe(two.control.token);
  expect(one.control.token).toMatch(/^[\w-]{32}$/);
  expect(one.control.address).toBe(`${one.control.origin}/#token=${one.control.token}`);
  expect((await command(two.control, 'tap')).status).toBe(200);
});
