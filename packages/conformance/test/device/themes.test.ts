import { delayReplies, Emulator, VirtualClock } from '@bluetap/emulator';
import { MessageType } from '@bluetap/protocol';
import { describe, expect, test } from 'vitest';
import { type ConformanceReport, judgeDevice, type RuleId } from '../../src/index.js';
import { type Alterations, altered, changingFrames, changingMessages } from './altered-transport.js';
import { emulatorHook } from './emulator-hook.js';
import { inVirtualTime } from './in-virtual-time.js';

const ASCII_COMMA = 0x2c;
const CRITICAL = 0x80;

interface Theme extends Alterations {
  readonly rule: RuleId;
  /** The case that must fail. */
  readonly failed: string;
  readonly delayMs?: number | undefined;
  readonly secondFromDevice?: Alterations['fromDevice'];
}

function withoutLink(bytes: Uint8Array): Uint8Array | undefined {
  return bytes[3] === MessageType.LINK ? undefined : bytes;
}

/** One wrong device for each file of cases, by the name of the file. */
const THEMES: Readonly<Record<string, Theme>> = {
  framing: {
    rule: 'R-1',
    failed: 'a reply stands between two delimiters of its own',
    fromDevice: (bytes) => bytes.subarray(1),
  },
  'dropped-types': {
    rule: 'R-20',
    failed: 'types with bit 80 or 40 get no answer',
    toDevice: changingFrames(({ type }) => ({ type: type & 0x3f })),
  },
  'header-checks': {
    rule: 'R-21',
    failed: 'another version is refused',
    toDevice: changingFrames(() => ({ version: 1 })),
  },
  'payload-checks': {
    rule: 'R-26',
    failed: 'an unknown critical tag is refused',
    toDevice: changingFrames(({ payload }) => ({
      payload: payload.map((byte) => (byte === CRITICAL ? 0x70 : byte)),
    })),
  },
  fields: {
    rule: 'R-29',
    failed: 'a wrong amount is refused',
    toDevice: changingFrames(({ payload }) => ({
      payload: payload.map((byte) => (byte === ASCII_COMMA ? 0x2e : byte)),
    })),
  },
  sessions: {
    rule: 'R-24',
    failed: 'sequence 0 is refused in a new session',
    toDevice: changingFrames(({ type, sequence }) => ({
      sequence: type === MessageType.STATUS ? sequence || 1 : sequence,
    })),
  },
  sequences: {
    rule: 'R-38',
    failed: 'a repeated PAY is not executed again',
    fromDevice: changingMessages('PAY_REPLY', { remaining: 30 }),
  },
  'pay-and-cancel': {
    rule: 'R-40',
    failed: 'the last command is the latest PAY or CANCEL that was executed',
    fromDevice: changingMessages('HELLO_REPLY', { lastCommand: undefined }),
  },
  replies: {
    rule: 'R-33',
    failed: 'replies have exactly their fields',
    fromDevice: changingFrames(({ type, payload }) => ({
      payload: type === MessageType.CANCEL_REPLY ? Uint8Array.of(...payload, 0x21, 1, 0x41) : payload,
    })),
  },
  expiry: { rule: 'R-51', failed: 'a LINK tells the expiry', fromDevice: withoutLink },
  timing: { rule: 'R-34', failed: 'every request is answered within 500 ms', delayMs: 600 },
  taps: {
    rule: 'R-46',
    failed: 'a tap is counted once and told with LINK',
    fromDevice: changingMessages('LINK', { taps: 1 }),
  },
  faults: {
    rule: 'R-31',
    failed: 'a PAY that the NFC part fails is refused and shows nothing',
    fromDevice: changingFrames(({ payload }) => ({
      payload: payload.map((byte, at) => (at === 5 && payload[3] === 0x11 && byte === 6 ? 11 : byte)),
    })),
  },
  restarts: {
    rule: 'R-41',
    failed: 'a start forgets the session, the payment link and the last command',
    fromDevice: changingMessages('HELLO_REPLY', { bootId: 7 }),
  },
  connections: {
    rule: 'R-51',
    failed: 'LINK goes to the connection of the session only',
    secondFromDevice: withoutLink,
  },
};

async function judge({ rule, toDevice, fromDevice, delayMs, secondFromDevice }: Theme): Promise<ConformanceReport> {
  const clock = new VirtualClock();
  await using emulator = new Emulator({ clock });
  if (delayMs !== undefined) emulator.use(delayReplies(delayMs));
  const options = {
    transport: altered(emulator.transport(), { toDevice, fromDevice }),
    second: altered(emulator.transport(), { toDevice, fromDevice: secondFromDevice ?? fromDevice }),
    hook: emulatorHook(emulator),
    only: [rule],
    clock,
  };
  return await inVirtualTime(clock, judgeDevice(options));
}

describe('a wrong device fails a case of', () => {
  test.each(Object.entries(THEMES))('%s', async (_, theme) => {
    const report = await judge(theme);
    const found = report.cases.find(({ name }) => name === theme.failed);
    expect(found).toMatchObject({ verdict: 'failed', came: expect.any(String), expected: expect.any(String) });
    expect(found?.rules).toContain(theme.rule);
    expect(found?.bytes.length).toBeGreaterThan(0);
    expect(report.ending).toBe('complete');
  });
});
