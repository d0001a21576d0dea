// This file is compiled and never run. scripts/ci/check-consumer.mjs also compiles it against the packed packages. It
// checks that a program can pass undefined for optional properties under exactOptionalPropertyTypes, and that
// TypeScript narrows a result.
import { type EventEmitter, once } from 'node:events';
import { type Behaviour, delayReplies, Emulator, type EmulatorOptions, type Follower } from '@bluetap/emulator';
import { listen, openPty } from '@bluetap/emulator/node';
import {
  type Attempt,
  BlueTapError,
  type CancelCommand,
  Client,
  type ClientOptions,
  connect,
  type PayCommand,
  type PayOptions,
  type PayResult,
  TinyCommand,
} from '@bluetap/sdk';
import { diagnose, record } from '@bluetap/sdk/diagnostics';
import { type DeviceInfo, type Transport, TransportError } from '@bluetap/transport';
import { hid } from '@bluetap/transport-hid';
import { serial } from '@bluetap/transport-serial';
import { socket } from '@bluetap/transport-socket';
import { usb } from '@bluetap/transport-usb';

/** The same properties, of which each can be undefined. */
type Maybe<Type> = { readonly [Name in keyof Type]: Type[Name] | undefined };
/** All optional properties are present, and each can be undefined. */
type Given<Type> = Maybe<Required<Omit<Type, RequiredNames<Type>>>> & Pick<Type, RequiredNames<Type>>;
type RequiredNames<Type> = {
  [Name in keyof Type]-?: Record<never, never> extends Pick<Type, Name> ? never : Name;
}[keyof Type];

declare const maybe: {
  readonly text: string | undefined;
  readonly count: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly error: Error | undefined;
};

export const inputs = (
  pay: Given<PayCommand>,
  cancel: Given<CancelCommand>,
  payOptions: Given<PayOptions>,
  client: Given<ClientOptions>,
  emulator: Given<EmulatorOptions>,
  device: Given<DeviceInfo>,
  attempt: Given<Attempt>,
  transport: Given<Transport>,
  behaviour: Given<Behaviour>,
  follower: Given<Follower>,
): [
  PayCommand,
  CancelCommand,
  PayOptions,
  ClientOptions,
  EmulatorOptions,
  DeviceInfo,
  Attempt,
  Transport,
  Behaviour,
  Follower,
] => [pay, cancel, payOptions, client, emulator, device, attempt, transport, behaviour, follower];

export async function charge(method: PayCommand['paymentMethod']): Promise<string> {
  const emulator = new Emulator({ serialNumber: maybe.text, clock: undefined });
  emulator.unplug({ power: undefined });
  emulator.use(delayReplies(1500, { type: undefined, times: maybe.count }));
  await openPty(emulator, { onAddress: undefined });
  await listen(emulator, { tcp: '127.0.0.1:0' });
  const transports: Transport[] = [
    hid({ timeoutMs: maybe.count }),
    usb({ timeoutMs: maybe.count }),
    serial({ path: maybe.text }),
    socket('tcp://127.0.0.1:4000', { connectTimeoutMs: maybe.count, keepAliveMs: maybe.count }),
    diagnose(emulator.transport(), { clock: undefined }),
    record(emulator.transport(), { write: () => {}, redact: undefined }).transport,
  ];
  const client = new Client({ transport: transports[0] ?? emulator.transport(), device: maybe.text });
  await connect({ transport: emulator.transport(), signal: maybe.signal, timeoutMs: maybe.count });
  await once(client as unknown as EventEmitter, 'link', { signal: AbortSignal.timeout(1) });
  const device = new TinyCommand({ transport: emulator.transport() });
  const order = { paymentMethod: method, orderId: maybe.text, amount: maybe.text, expiryTime: maybe.count };
  const cancelled = await device.sendCancelCommandWithResult({ orderId: maybe.text }, { timeoutMs: maybe.count });
  if (cancelled.code === 'SUCCESS') return `${cancelled.taps} ${cancelled.attempt.sequence}`;
  new BlueTapError('PROCESS_FAIL', 'x', { cause: maybe.error, reason: maybe.count, fields: undefined });
  new TransportError('io', 'x', { cause: maybe.error });
  return report(await device.sendPayCommandWithResult(order, { signal: maybe.signal }));
}

function report(result: PayResult): string {
  switch (result.outcome) {
    case 'executed':
      return `${result.state} ${result.attempt.sequence} ${result.remaining?.toFixed()}`;
    case 'refused':
      return `${result.error.reason} ${result.attempt.sequence}`;
    case 'not-sent':
    case 'not-executed':
    case 'unknown':
      return JSON.stringify(result.error);
  }
}
