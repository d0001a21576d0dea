import { type Client, connect, type PaymentLinkEvent, type PaymentLinkState } from '@bluetap/sdk';
import { socket } from '@bluetap/transport-socket';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PythonProgram } from './python-program.js';

/** The independent device, and clients that it gets. */
async function device() {
  const program = new PythonProgram('independent_device.py', ['--tcp', '127.0.0.1:0']);
  const address = await program.line();
  const client = async () => {
    const opened = await connect({ transport: socket(address) });
    onTestFinished(() => opened.close());
    return opened;
  };
  return { program, address, client };
}

/** Waits for the next LINK with this state. */
function linkOf(client: Client, state: PaymentLinkState): Promise<PaymentLinkEvent> {
  return new Promise((resolve) => client.on('link', (event) => event.state === state && resolve(event)));
}

/** The URI of an NDEF message with one short URI record whose prefix is https://. */
function uriOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  expect([...bytes.subarray(0, 5)]).toEqual([0xd1, 0x01, bytes.length - 4, 0x55, 0x04]);
  return `https://${bytes.subarray(5)}`;
}

describe('the independent device in Python', () => {
  test('is paid, tapped, asked and cancelled by the SDK', async () => {
    const { program, client } = await device();
    const pos = await client();
    const order = { paymentMethod: 'TRUEMONEY', amount: '120.00', orderId: 'A/1&b' } as const;
    expect(await pos.pay(order)).toMatchObject({ code: 'SUCCESS', state: 'ready', remaining: 900 });
    const tapped = linkOf(pos, 'ready');
    program.say('tap');
    expect(uriOf(await program.line())).toMatch(/\?method=TRUEMONEY&amount=120\.00&order=A%2F1%26b$/);
    expect(await tapped).toMatchObject({ taps: 1, orderId: 'A/1&b' });
    expect(await pos.status()).toMatchObject({ ...order, state: 'ready', taps: 1 });
    expect(await pos.cancel({ orderId: 'B' })).toMatchObject({ outcome: 'refused', error: { reason: 5 } });
    expect(await pos.cancel({ orderId: 'A/1&b' })).toMatchObject({ code: 'SUCCESS', state: 'cancelled', taps: 1 });
    program.say('tap');
    expect(await program.line()).toBe('');
  });

  test('ends a payment link when its time is over', async () => {
    const { client } = await device();
    const pos = await client();
    const expired = linkOf(pos, 'expired');
    await pos.pay({ paymentMethod: 'SEVEN_11', expiryTime: 1 });
    expect(await expired).toMatchObject({ state: 'expired', taps: 0 });
    expect(await pos.status()).toMatchObject({ state: 'expired' });
  });

  test('has one session for all its connections', async () => {
    const { client } = await device();
    const [first, second] = [await client(), await client()];
    await first.pay({ paymentMethod: 'TRUEMONEY', orderId: 'ONE' });
    expect(await second.status()).toMatchObject({ state: 'ready', orderId: 'ONE' });
    expect(await second.pay({ paymentMethod: 'TRUEMONEY', orderId: 'TWO' })).toMatchObject({ code: 'SUCCESS' });
    expect(await first.status()).toMatchObject({ orderId: 'TWO' });
  });

  test('fails and works again', async () => {
    const { program, client } = await device();
    const pos = await client();
    await pos.pay({ paymentMethod: 'TRUEMONEY' });
    const ended = linkOf(pos, 'idle');
    program.say('fault');
    await ended;
    expect(await pos.pay({ paymentMethod: 'TRUEMONEY' })).toMatchObject({ outcome: 'refused', error: { reason: 6 } });
    program.say('repair');
    expect(await pos.pay({ paymentMethod: 'TRUEMONEY' })).toMatchObject({ code: 'SUCCESS' });
  });

  test('closes its connections and starts again with a blank tag', async () => {
    const { program, client } = await device();
    const pos = await client();
    await pos.pay({ paymentMethod: 'TRUEMONEY' });
    const { bootId } = await pos.info();
    const gone = new Promise((resolve) => pos.on('disconnected', resolve));
    program.say('power-cycle');
    await gone;
    const again = await pos.info();
    expect(again.serialNumber).toBe('PYTHON-1');
    expect(again.bootId).not.toBe(bootId);
    expect(await pos.status()).toMatchObject({ state: 'idle', taps: 0 });
  });

  test.each<[string, (program: PythonProgram) => void]>([
    ['its stdin', (program) => program.child.stdin!.end()],
    ['the word quit', (program) => program.say('quit')],
  ])('ends with %s, and prints nothing but its address', async (_, end) => {
    const { program, address, client } = await device();
    const pos = await client();
    await pos.pay({ paymentMethod: 'TRUEMONEY' });
    program.say('no such command');
    end(program);
    expect(await program.ended).toEqual({ code: 0, stdout: `${address}\n`, stderr: '' });
  });
});
