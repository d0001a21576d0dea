import { describe, expect, it } from 'vitest';
import { optionalComplaints } from '../scripts/rules/optional.mjs';
import { filesOf, readPage } from './docs/markdown.js';

describe('a property that may be absent may also be undefined (C-15)', () => {
  it('in the messages, the transports, the emulator and the SDK', () => {
    const files = filesOf(
      'packages/sdk/src/**.ts',
      'packages/transport/src/**.ts',
      'packages/transport-*/src/**.ts',
      'packages/emulator/src/**.ts',
      'packages/protocol/src/schema/message-types.ts',
    );
    expect(files.length).toBeGreaterThan(130);
    expect(files.flatMap((file) => optionalComplaints(file, readPage(file)))).toEqual([]);
  });

  it.each([
    ['interface A {\n  readonly name?: string;\n}', 'a.ts:2 name may be'],
    ['type A = { a: 1; b?: () => void };', 'a.ts:1 b may be'],
    ['type A = { b?: Map<string, undefined> };', 'a.ts:1 b may be'],
    ['interface A {\n  watch?(onChange: () => void): undefined;\n}', 'a.ts:2 watch may be'],
    ['class A {\n  /** b?: */\n  b?: undefined | string;\n}', 'a.ts:3 b may be'],
  ])('the rule refuses: %s', (text, complaint) => {
    expect(optionalComplaints('a.ts', text)).toEqual([expect.stringContaining(complaint)]);
  });

  it.each([
    'interface A {\n  readonly b?: (() => void) | undefined;\n  readonly c?: unknown;\n  readonly d?: undefined;\n}',
    'function a(b?: string, c?: { d: string }): void;',
    'type A = { a: 1; b?:\n    | string\n    | undefined };',
    'const a = (timer as { unref?: () => void }).unref?.();',
    'const a = b?.c ?? (d ? (e) : f); // b?: string;',
  ])('the rule accepts: %s', (text) => {
    expect(optionalComplaints('a.ts', text)).toEqual([]);
  });
});
