import { Emulator, loseReplies, restartAfterExecuting, unplugAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Pos } from '../src/pos.js';

const order = { id: 'POS1-0042', amount: '120.00' };

// One clock for both sides: fifteen minutes go by in a millisecond, and nothing depends on the speed of the machine.
let clock: VirtualClock;
let emulator: Emulator;
let pos: Pos;
/** How often the device has shown a payment link. */
let shown: number;

beforeEach(() => {
  shown = 0;
  clock = new VirtualClock();
  emulator = new Emulator({
    clock,
    onEvent: (event) => {
      if (event.event === 'state' && event.cause === 'pay') shown++;
    },
  });
  pos = new Pos({ transport: emulator.transport(), clock });
});

afterEach(async () => {
  await pos[Symbol.asyncDispose]();
  await emulator.close();
});

test('a phone reads the payment link', async () => {
  expect(await pos.charge(order)).toBe('please tap');
  expect(emulator.snapshot).toMatchObject({ state: 'ready', amount: '120.00', orderId: 'POS1-0042' });

  expect(emulator.tap()?.uri).toContain('amount=120.00');
  await clock.advance(0);
  expect(pos.display).toBe('ask the acquirer');
});

test('the payment link expires; the order may be charged again', async () => {
  await pos.charge(order);
  await clock.advance(900_000);
  expect(pos.display).toBe('expired');
  expect(await pos.charge(order)).toBe('please tap');
  expect(shown).toBe(2);
});

test('a cancel comes too late: the phone was faster', async () => {
  await pos.charge(order);
  emulator.tap();
  expect(await pos.cancel(order)).toMatchObject({ code: 'SUCCESS', taps: 1 });
  expect(pos.display).toBe('ask the acquirer');
  await pos.charge(order);
  expect(shown).toBe(1);
});

test('a lost reply: the order is charged once', async () => {
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('please tap');
  expect(shown).toBe(1);
});

test('the button is pressed twice: the order is charged once', async () => {
  expect(await Promise.all([pos.charge(order), pos.charge(order)])).toEqual(['please tap', 'please tap']);
  expect(shown).toBe(1);
});

test('no device: nothing was sent, and the next press tries again', async () => {
  emulator.unplug();
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('not charged');

  emulator.plug();
  expect(await pos.charge(order)).toBe('please tap');
  expect(shown).toBe(1);
});

test('the cable is pulled at the worst moment: in doubt, not charged again, and resolved when it is back', async () => {
  emulator.use(unplugAfterExecuting());
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('in doubt: wait');
  await pos.charge(order);
  expect(shown).toBe(1);

  emulator.plug();
  await clock.advance(1000);
  expect(pos.display).toBe('please tap');
  expect(shown).toBe(1);
});

test('the device restarts instead of answering: the outcome stays unknown, and the order is not charged again', async () => {
  emulator.use(restartAfterExecuting());
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('ask the acquirer');
  await pos.charge(order);
  expect(shown).toBe(1);
});
