import { TRIGGERS, Triggers } from '@bluetap/control';
import { Emulator, type EmulatorEvent, VirtualClock } from '@bluetap/emulator';
import { COMMANDS, checkParameters, DeviceControl } from '@bluetap/emulator/commands';
import { encodeMessage, FrameDecoder } from '@bluetap/protocol';
import { expect, onTestFinished, test } from 'vitest';

/** A device with triggers and a host, in virtual time. */
function start() {
  const clock = new VirtualClock();
  const done: string[] = [];
  const errors: string[] = [];
  const frames: number[] = [];
  let triggers: Triggers | undefined;
  const onEvent = (event: EmulatorEvent) => triggers?.event(event, 'A');
  const device = new DeviceControl(new Emulator({ serialNumber: 'A', clock, onEvent }));
  triggers = new Triggers([device], {
    clock,
    onCommand: (verb, _parameters, by) => done.push(`${verb} by ${by}`),
    onError: (message) => errors.push(message),
  });
  onTestFinished(async () => {
    triggers.stop();
    await device.emulator.close();
    expect(clock.pending).toBe(0);
  });
  const decoder = new FrameDecoder({ onFrame: ({ type }) => frames.push(type) });
  const send = (bytes: Uint8Array) => decoder.push(bytes);
  const connection = device.emulator.attach({ name: 'test', send, close: () => {} });
  connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
  const session = device.view.session!.number;
  frames.length = 0;
  /** Sends a PAY. Returns how many answers came immediately. */
  const pay = (orderId: string, sequence = 1) => {
    const before = frames.length;
    connection.receive(encodeMessage({ type: 'PAY', session, sequence, paymentMethod: 'TRUEMONEY', orderId }));
    return frames.length - before;
  };
  return { clock, device, done, errors, pay };
}

test('every trigger gives commands that exist, and fits into an order id with a number behind it', () => {
  for (const { orderId, summary, commands } of TRIGGERS) {
    expect(orderId).toMatch(/^TRY-[A-Z]{3,8}$/);
    expect(summary).toMatch(/\.$/);
    for (const { verb, parameters } of commands) {
      const row = COMMANDS.find((each) => each.verb === verb)!;
      expect(checkParameters(verb, row.parameters, parameters)).toEqual(expect.anything());
    }
  }
});

test('TRY-LOSE: the reply is lost once; the repeat is answered and decides nothing again', () => {
  const { device, done, pay } = start();
  expect(pay('TRY-LOSE-42')).toBe(0);
  expect(device.view.snapshot.state).toBe('ready');
  expect(pay('TRY-LOSE-42')).toBe(1);
  expect(done).toEqual(['lose-replies by trigger']);
  expect(device.view.counters).toMatchObject({ paymentLinks: 1, payFrames: 2, repeats: 1 });
  expect(pay('TRY-LOSE-42', 2)).toBe(0);
});

test('TRY-IGNORE and TRY-REFUSE: the device does not execute the PAY', async () => {
  const { clock, device, pay } = start();
  expect(pay('TRY-IGNORE')).toBe(0);
  expect(device.view.snapshot.state).toBe('idle');
  expect(pay('TRY-IGNORE')).toBe(1);
  expect(device.view.snapshot.state).toBe('ready');
  expect(pay('TRY-REFUSE', 2)).toBe(1);
  // no payment link is live after a fault of the NFC part. A host does not believe such a refusal otherwise.
  expect(device.view.snapshot).toMatchObject({ state: 'idle' });
  expect(device.view.nfcFault).toBe('on-pay');
  await clock.advance(1);
  expect(device.view.nfcFault).toBe('none');
  expect(pay('POS1-0042', 3)).toBe(1);
  expect(device.view.snapshot).toMatchObject({ state: 'ready', orderId: 'POS1-0042' });
});

test('TRY-LATE, TRY-TAP and TRY-EXPIRE: after a time', async () => {
  const { clock, device, pay } = start();
  expect(pay('TRY-LATE')).toBe(0);
  await clock.advance(1500);
  expect(pay('TRY-TAP-1', 2)).toBe(1);
  await clock.advance(1000);
  expect(device.view.snapshot).toMatchObject({ state: 'ready', taps: 1 });
  pay('TRY-EXPIRE', 3);
  await clock.advance(1000);
  expect(device.view.snapshot.state).toBe('expired');
});

test('TRY-UNPLUG: executed, unplugged, and plugged in after a second', async () => {
  const { clock, device, pay } = start();
  expect(pay('TRY-UNPLUG')).toBe(0);
  expect(device.view.snapshot).toMatchObject({ plugged: false, state: 'ready' });
  await clock.advance(1000);
  expect(device.view.snapshot.plugged).toBe(true);
});

test('TRY-RESTART and TRY-REBOOT: the device restarts after, or before, it executes', () => {
  const after = start();
  after.pay('TRY-RESTART');
  expect(after.device.view).toMatchObject({
    counters: { paymentLinks: 1 },
    snapshot: { state: 'idle' },
    lastCommand: null,
  });
  const before = start();
  before.pay('TRY-REBOOT');
  expect(before.device.view).toMatchObject({ counters: { paymentLinks: 0 }, snapshot: { state: 'idle' } });
});

test('other order ids decide nothing', () => {
  const { device, done, pay } = start();
  for (const [at, orderId] of ['A', 'TRY', 'TRY-', 'TRY-LOSER', 'try-lose', 'XTRY-LOSE'].entries()) {
    expect(pay(orderId, at + 1)).toBe(1);
  }
  expect(done).toEqual([]);
  expect(device.view.behaviours).toEqual([]);
});

test('a reset of the device leaves the triggers, and a closed device is no error of the program', async () => {
  const { clock, device, errors, pay } = start();
  pay('TRY-TAP');
  await device.emulator.close();
  await clock.advance(1000);
  expect(errors).toEqual(['a trigger: the device A was closed: it takes no commands']);
});
