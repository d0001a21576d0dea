// The right device of this folder is right: the vectors and the SDK say so, and not the run that it is to prove.
import { readFileSync } from 'node:fs';
import { Client } from '@bluetap/sdk';
import { describe, expect, it } from 'vitest';
import * as checks from './checks.js';
import { Device } from './device.js';
import { inProcess } from './in-process.js';
import { JumpingClock } from './jumping-clock.js';
import { crcOf, readFields, readFrame } from './wire.js';

interface Vector {
  readonly name: string;
  readonly wire: string;
  readonly error?: { readonly layer: 'frame' | 'message'; readonly reason?: number };
}

const file = new URL('../../../../vectors/frames.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };
const right = () => false;

function frameOf({ wire }: Vector) {
  const encoded = Buffer.from(wire, 'hex').subarray(1, -1);
  return encoded.length > 128 ? undefined : readFrame(encoded, right);
}

/** The reason of a refusal, without the rules of sessions. */
function reasonOf(vector: Vector): number | undefined {
  const frame = frameOf(vector);
  if (!frame) return undefined;
  const { version, type, payload } = frame;
  const { fields, rest } = readFields(payload);
  if (version !== 1) return 9;
  if (!(type >= 1 && type <= 4)) return 8;
  if (type === 1 && frame.session !== 0) return 4;
  if (type === 1 && frame.sequence !== 0) return 10;
  if (checks.isDamaged(type, fields, rest, right)) return 3;
  if (checks.hasCriticalTag(type, fields, right)) return 7;
  if (checks.misses(type, fields, right)) return 1;
  if (checks.isUnknownMethod(type, fields, right)) return 2;
  return checks.hasWrongValue(type, fields, right) ? 3 : undefined;
}

const isRequest = (vector: Vector): boolean => ((frameOf(vector)?.type ?? 0xff) & 0xc0) === 0;

describe('the right device', () => {
  it('has the CRC of the page', () => {
    expect(crcOf(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it.each(vectors)('reads the vector "$name"', (vector) => {
    expect(frameOf(vector) === undefined).toBe(vector.error?.layer === 'frame');
  });

  it.each(vectors.filter(isRequest))('judges the vector "$name"', (vector) => {
    expect(reasonOf(vector)).toBe(vector.error?.reason);
  });

  it('serves the SDK', async () => {
    const clock = new JumpingClock();
    const device = new Device({ clock });
    const client = new Client({ transport: inProcess(device), clock });
    const order = { paymentMethod: 'TRUEMONEY', amount: '27.01', orderId: 'A&B', expiryTime: 5 } as const;
    expect(await client.pay(order)).toMatchObject({ code: 'SUCCESS', state: 'ready', remaining: 5 });
    const { ndef } = await device.hook('tap');
    expect(new TextDecoder().decode(ndef)).toContain('pay.example/TRUEMONEY?amount=27.01&order=A%26B');
    expect(await client.status()).toMatchObject({ orderId: 'A&B', amount: '27.01', state: 'ready', taps: 1 });
    expect(await client.cancel({ orderId: 'B&A' })).toMatchObject({ code: 'PROCESS_FAIL', error: { reason: 5 } });
    expect(await client.cancel({ orderId: 'A&B' })).toMatchObject({ code: 'SUCCESS', state: 'cancelled', taps: 1 });
    await client.close();
    device.dispose();
    expect(clock.pending).toBe(0);
  });
});
