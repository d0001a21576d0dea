import { Emulator, loseReplies, restartAfterExecuting, unplugAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Pos } from '../src/pos.js';

const order = { id: 'POS1-0042', amount: '120.00' };

// The POS and the device use one virtual clock. So fifteen minutes pass in a millisecond, and the result does not
// depend on the speed of the machine.
let clock: VirtualClock;
let emulator: Emulator;
let pos: Pos;
/** The number of times that the device has shown a payment link. */
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

test('the payment link expires: the POS may charge the order again', async () => {
  await pos.charge(order);
  await clock.advance(900_000);
  expect(pos.display).toBe('expired');
  expect(await pos.charge(order)).toBe('please tap');
  expect(shown).toBe(2);
});

test('a cancel comes too late, because a phone was faster: the POS asks the acquirer', async () => {
  await pos.charge(order);
  emulator.tap();
  expect(await pos.cancel(order)).toMatchObject({ code: 'SUCCESS', taps: 1 });
  expect(pos.display).toBe('ask the acquirer');
  await pos.charge(order);
  expect(shown).toBe(1);
});

test('a reply is lost: the POS charges the order once', async () => {
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('please tap');
  expect(shown).toBe(1);
});

test('the cashier presses the button twice: the POS charges the order once', async () => {
  expect(await Promise.all([pos.charge(order), pos.charge(order)])).toEqual(['please tap', 'please tap']);
  expect(shown).toBe(1);
});

test('no device is connected: nothing is sent, and the next charge tries again', async () => {
  emulator.unplug();
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('not charged');

  emulator.plug();
  expect(await pos.charge(order)).toBe('please tap');
  expect(shown).toBe(1);
});

test('the cable is unplugged after the execution: the order is not charged again, and the replug ends the doubt', async () => {
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

test('the device restarts before it answers: the outcome stays unknown, and the order is not charged again', async () => {
  emulator.use(restartAfterExecuting());
  const charging = pos.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('ask the acquirer');
  await pos.charge(order);
  expect(shown).toBe(1);
});
