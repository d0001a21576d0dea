import { Emulator, loseReplies, restartAfterExecuting, unplugAfterExecuting, VirtualClock } from '@bluetap/emulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Till } from '../src/till.js';

const order = { id: 'POS1-0042', amount: '120.00' };

// One clock for both sides: fifteen minutes go by in a millisecond, and nothing depends on the speed of the machine.
let clock: VirtualClock;
let emulator: Emulator;
let till: Till;
/** How often the device has shown a link. */
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
  till = new Till({ transport: emulator.transport(), clock });
});

afterEach(async () => {
  await till[Symbol.asyncDispose]();
  await emulator.close();
});

test('a phone reads the link', async () => {
  expect(await till.charge(order)).toBe('please tap');
  expect(emulator.face).toMatchObject({ state: 'ready', amount: '120.00', orderId: 'POS1-0042' });

  expect(emulator.tap()?.uri).toContain('amount=120.00');
  await clock.advance(0);
  expect(till.display).toBe('ask the acquirer');
});

test('the link expires; the order may be charged again', async () => {
  await till.charge(order);
  await clock.advance(900_000);
  expect(till.display).toBe('expired');
  expect(await till.charge(order)).toBe('please tap');
  expect(shown).toBe(2);
});

test('a cancel comes too late: the phone was faster', async () => {
  await till.charge(order);
  emulator.tap();
  expect(await till.cancel(order)).toMatchObject({ code: 'SUCCESS', taps: 1 });
  expect(till.display).toBe('ask the acquirer');
  await till.charge(order);
  expect(shown).toBe(1);
});

test('a lost reply: the order is charged once', async () => {
  emulator.use(loseReplies(1, { type: 'PAY' }));
  const charging = till.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('please tap');
  expect(shown).toBe(1);
});

test('the button is pressed twice: the order is charged once', async () => {
  expect(await Promise.all([till.charge(order), till.charge(order)])).toEqual(['please tap', 'please tap']);
  expect(shown).toBe(1);
});

test('no device: nothing was sent, and the next press tries again', async () => {
  emulator.unplug();
  const charging = till.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('not charged');

  emulator.plug();
  expect(await till.charge(order)).toBe('please tap');
  expect(shown).toBe(1);
});

test('the cable is pulled at the worst moment: in doubt, not charged again, and resolved when it is back', async () => {
  emulator.use(unplugAfterExecuting());
  const charging = till.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('in doubt: wait');
  await till.charge(order);
  expect(shown).toBe(1);

  emulator.plug();
  await clock.advance(1000);
  expect(till.display).toBe('please tap');
  expect(shown).toBe(1);
});

test('the device restarts instead of answering: nobody can tell, so nobody charges again', async () => {
  emulator.use(restartAfterExecuting());
  const charging = till.charge(order);
  await clock.advance(5000);
  expect(await charging).toBe('ask the acquirer');
  await till.charge(order);
  expect(shown).toBe(1);
});
