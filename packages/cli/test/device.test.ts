import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Emulator, ignoreRequests, loseReplies, refuse, restartAfterExecuting } from '@bluetap/emulator';
import { listen } from '@bluetap/emulator/node';
import { MessageType, Reason } from '@bluetap/protocol';
import { BlueTapError, ResultCode } from '@bluetap/sdk';
import { expect, onTestFinished, test, vi } from 'vitest';
import { reportCommand } from '../src/devices/report.js';
import { call, type Ended, emulate, run, start, temporaryFolder } from './cli.js';

const PAY = ['pay', '--payment-method', 'ALIPAY_CN', '--amount', '120.00', '--order-id', 'A1'];
const json = ({ stdout }: Pick<Ended, 'stdout'>) => {
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout);
};

/** Starts an emulated device in this process, at a unix socket, so that a test can add behaviours to it. */
async function device(onMessage?: (type: string) => void): Promise<{ emulator: Emulator; on: string[] }> {
  const emulator = new Emulator({ onEvent: (event) => event.event === 'message' && onMessage?.(event.message.type) });
  onTestFinished(() => emulator.close());
  const { address } = await listen(emulator, { unix: join(temporaryFolder(), 's') });
  return { emulator, on: ['--transport', address] };
}

test('pay, status, info and cancel work with a device in another process, over TCP and a unix socket', async () => {
  const unix = join(temporaryFolder(), 'bluetap.sock');
  const { ready } = await emulate(['--tcp', '127.0.0.1:0', '--unix', unix, '--serial-number', 'SHOP-7']);
  const tcp = ['--transport', ready.tcp];

  const identity = { model: 'BT-EMU', firmware: '1.0.0', serialNumber: 'SHOP-7', simulated: true };
  const paid = await run([...PAY, '--json', ...tcp]);
  expect(paid).toMatchObject({ code: 0, stderr: '' });
  expect(json(paid)).toEqual({
    code: 'SUCCESS',
    outcome: 'executed',
    linkLive: 'yes',
    pending: false,
    state: 'ready',
    remaining: 900,
    attempt: expect.objectContaining({ command: 'PAY', serialNumber: 'SHOP-7', sequence: 1, last: null }),
    device: { ...identity, id: ready.tcp, bootId: expect.any(Number) },
  });

  const [status, refused] = [
    await run(['status', '--json'], { BLUETAP_TRANSPORT: ready.unix }),
    await call(['cancel', '--order-id', 'B2', ...tcp]),
  ];
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(json(status)).toMatchObject({
    code: 'SUCCESS',
    state: 'ready',
    taps: 0,
    paymentMethod: 'ALIPAY_CN',
    amount: '120.00',
    orderId: 'A1',
    device: { ...identity, id: `unix:${unix}` },
  });
  expect(refused.code).toBe(4);
  expect(refused.stdout).toMatch(/^PROCESS_FAIL\n {2}command {2}refused by the device\n {2}link {5}not live\n/);
  expect(refused.stdout).toContain('ready, with the payment link of another command');
  expect(refused.stderr).toContain('the live payment link belongs to another order (reason 5)');

  const cancelled = await call(['cancel', '--order-id', 'A1', ...tcp]);
  expect(cancelled).toMatchObject({ code: 0, stderr: '' });
  expect(cancelled.stdout).toMatch(/^SUCCESS\n {2}command {2}executed\n {2}link {5}not live\n {2}state {4}cancelled\n/);
  const text = (await call(['status', ...tcp])).stdout;
  expect(text).toContain('state   cancelled: the payment link was ended by a host\n');

  const info = await call(['info', '--json', '--device', 'SHOP-7', ...tcp]);
  expect(json(info)).toEqual({
    code: 'SUCCESS',
    device: { ...identity, id: ready.tcp, bootId: expect.any(Number) },
  });
  const other = await call(['info', '--json', '--device', 'SHOP-8', '--timeout', '200', ...tcp]);
  expect(other.code).toBe(3);
  expect(json(other).error.message).toContain('is the device SHOP-7, not SHOP-8');
});

test('for people: prints the code, both facts, and that the device is simulated', async () => {
  const paid = await call([...PAY, '--transport', 'emulator']);
  expect(paid).toEqual({
    code: 0,
    stderr: '',
    stdout: `SUCCESS: the device shows the payment link; this never means paid
  command    executed
  link       live: a phone can read it
  state      ready
  remaining  900 seconds
  device     EMU-0001 (BT-EMU, firmware 1.0.0)
             SIMULATED: nothing that it shows can be paid
`,
  });
  const info = await call(['info', '--transport', 'emulator']);
  expect(info.stdout).toMatch(
    /^ {2}device {3}EMU-0001 .*\n {11}SIMULATED: .*\n {2}id {7}emulator:1\n {2}boot id {2}0x[\da-f]{8}\n$/,
  );
});

test.each<[args: string[], field: string]>([
  [['pay'], 'paymentMethod (--payment-method) is missing'],
  [['pay', '--payment-method', 'Test'], 'paymentMethod (--payment-method) must be one of'],
  [['pay', '--payment-method', 'TRUEMONEY', '--amount', '-5', '--json'], 'amount (--amount) must be'],
  [['pay', '--payment-method', 'TRUEMONEY', '--expiry-time', '1e3'], 'expiryTime (--expiry-time) must be'],
  [['cancel', '--order-id', 'a b', '--json'], 'orderId (--order-id) must be'],
])('a broken field is refused before a device is opened: %j', async (args, text) => {
  const { emulator, on } = await device(() => expect.unreachable());
  const ended = await call([...args, ...on]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(text);
  expect(emulator.snapshot.state).toBe('idle');
});

test.each<[reason: number, code: string, exitCode: number]>([
  [Reason.UNKNOWN_PAYMENT_METHOD, 'PARAM_ILLEGAL', 2],
  [Reason.NFC_FAULT, 'PROCESS_FAIL', 4],
  [Reason.INTERNAL_ERROR, 'UNKNOWN_EXCEPTION', 5],
])('a device that refuses for reason %i: %s, exit code %i', async (reason, code, exitCode) => {
  const { emulator, on } = await device();
  emulator.use(refuse(reason, { type: 'PAY' }));
  const refused = await call([...PAY, '--json', ...on]);
  expect(refused).toMatchObject({ code: exitCode, stderr: '' });
  expect(json(refused)).toMatchObject({ code, outcome: 'refused', linkLive: 'no', error: { reason } });
});

test('after a lost reply the same bytes are sent again, and the device executes them once', async () => {
  const { emulator, on } = await device();
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const paid = await call([...PAY, '--json', ...on]);
  expect(paid.code).toBe(0);
  expect(json(paid)).toMatchObject({ outcome: 'executed', linkLive: 'yes' });
});

test('an outcome that stays unknown is printed, with what to do', async () => {
  const { emulator, on } = await device();
  emulator.use(restartAfterExecuting());
  const ended = await call([...PAY, ...on]);
  expect(ended.code).toBe(5);
  expect(ended.stdout).toMatch(/^UNKNOWN_EXCEPTION\n {2}command {2}unknown: .*, and this will not become known\n/);
  expect(ended.stderr).toContain('it restarted, or another host has used it since');
  expect(ended.stderr).toContain('Do not send it again to find out');
});

test('in doubt, and another device answers now: the advice does not name that device', () => {
  const said: string[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => said.push(String(text)) > 0);
  }
  onTestFinished(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  const attempt = { command: 'PAY', serialNumber: 'A', bootId: 1, session: 1, sequence: 1, last: null } as const;
  const error = new BlueTapError(ResultCode.DEVICE_DISCONNECTED, 'Another device answers now.');
  const doubt = { outcome: 'unknown', linkLive: 'unknown', pending: true } as const;
  const other = { model: 'M', firmware: '1', serialNumber: 'B', bootId: 2, simulated: false, id: 'x' };
  reportCommand(
    'PAY',
    { code: ResultCode.DEVICE_DISCONNECTED, ...doubt, attempt, error },
    { device: other, json: undefined },
  );
  expect(said.join('')).toMatch(/there now {2}B \(M/);
  expect(said.join('')).toContain('connect A, the device that got it');
  expect(said.join('')).not.toContain('bluetap cancel');
});

test('the advice for a CANCEL in doubt is not to cancel', async () => {
  const { emulator, on } = await device();
  emulator.use(restartAfterExecuting({ type: 'CANCEL' }));
  const ended = await call(['cancel', ...on]);
  expect(ended.stderr).toContain('"bluetap status" says whether a payment link is still live');
  expect(ended.stderr).not.toContain('Do not send it again');
});

test('a cancelled payment link that a phone had read may have been paid', async () => {
  const { emulator, on } = await device();
  await call([...PAY, ...on]);
  emulator.tap();
  const cancelled = await call(['cancel', ...on]);
  expect(cancelled.stdout).toContain('1: a phone read the payment link before it ended, so it may have been paid');
  expect((await call(['status', ...on])).stdout).toContain('so it may have been paid');
});

/** Starts a server that accepts connections and never answers. */
async function silentServer(where: { port: number } | { path: string }, onHost = () => {}): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).resume();
    onHost();
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', ...where }, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return server;
}

test.each(['closed port', 'missing unix socket', 'silent port'])('%s: exit code 3 in time', async (what) => {
  const server = await silentServer({ port: 0 });
  const { port } = server.address() as { port: number };
  if (what === 'closed port') await new Promise((resolve) => server.close(resolve));
  const transport = what === 'missing unix socket' ? 'unix:/nowhere/bluetap.sock' : `tcp://127.0.0.1:${port}`;

  for (const command of [PAY, ['status'], ['info'], ['cancel']]) {
    const start = performance.now();
    const ended = await call([...command, '--transport', transport, '--timeout', '250']);
    expect(performance.now() - start).toBeLessThan(1250);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^DEVICE_DISCONNECTED\n/);
    expect(ended.stderr).toContain(`bluetap: No device within 250 ms: `);
    expect(ended.stderr).toContain(transport);
  }
  const { stdout } = await call([...PAY, '--transport', transport, '--timeout', '100', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no' });
});

test('two hosts at the same time: one takes the session of the other, and each reports the true outcome', async () => {
  const { emulator, on } = await device();
  const ended = await Promise.all(
    ['A', 'B'].map((id) => run(['pay', '--payment-method', 'TRUEMONEY', '--order-id', id, '--json', ...on])),
  );
  const results = ended.map(json);
  expect(results.map(({ code }) => code)).toContain('SUCCESS');
  expect(emulator.snapshot.state).toBe('ready');
  for (const [at, { code, outcome }] of results.entries()) {
    if (code === 'SUCCESS') expect(outcome).toBe('executed');
    else expect([ended[at]!.code, outcome]).toEqual([4, 'refused']);
  }
});

test('SIGINT while a command is in doubt prints the doubt, and the exit code is the code of the result', async () => {
  let sent = () => {};
  const paySent = new Promise<void>((resolve) => {
    sent = resolve;
  });
  const { emulator, on } = await device((type) => type === 'PAY' && sent());
  emulator.use(ignoreRequests(Number.POSITIVE_INFINITY, { type: 'PAY' }));
  const paying = start([...PAY, '--json', '--timeout', '60000', ...on]);
  await paySent;
  const ended = await paying.stop('SIGINT');
  expect(ended).toMatchObject({ code: 5, signal: null, stderr: '' });
  expect(json(ended)).toMatchObject({
    code: 'UNKNOWN_EXCEPTION',
    outcome: 'unknown',
    linkLive: 'unknown',
    pending: true,
    attempt: { command: 'PAY' },
    device: { simulated: true },
    error: { message: expect.stringContaining('Stopped by SIGINT.') },
  });
});

test('SIGTERM before the command was sent prints that it was not sent', async () => {
  let came = () => {};
  const hostCame = new Promise<void>((resolve) => {
    came = resolve;
  });
  const path = join(temporaryFolder(), 's');
  await silentServer({ path }, came);
  const paying = start([...PAY, '--timeout', '60000', '--transport', `unix:${path}`]);
  await hostCame;
  const ended = await paying.stop('SIGTERM');
  expect(ended).toMatchObject({ code: 4, signal: null });
  expect(ended.stdout).toMatch(/^PROCESS_FAIL\n {2}command {2}not sent/);
  expect(ended.stderr).toContain('Stopped by SIGTERM.');
});

test('SUCCESS for a payment link that is already over does not say that it is shown', async () => {
  const { emulator, on } = await device();
  emulator.use({
    name: 'a fault of the NFC part right after the payment link was shown',
    onFrame: (frame, next) => {
      next(frame);
      if (frame.type === MessageType.PAY) emulator.nfcFault = true;
    },
  });
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const { code, stdout } = await call([...PAY, ...on]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^SUCCESS: the device has shown the payment link, which is over already; this never means paid\n/,
  );
});

test('a device that does not answer STATUS is not reported as missing', async () => {
  const { emulator, on } = await device();
  emulator.use(loseReplies(99, { type: 'STATUS' }));
  const { code, stderr } = await call(['status', '--timeout', '300', ...on]);
  expect(code).toBe(5);
  expect(stderr).toContain(
    'EMU-0001 has not answered STATUS. If it goes on, power it off and on. The time was up after 300 ms.',
  );
});
