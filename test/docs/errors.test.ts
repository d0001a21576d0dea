import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../packages/cli/src/process/exit-code.js';
import { Reason } from '../../packages/protocol/src/index.js';
import { describeReason, ResultCode } from '../../packages/sdk/src/index.js';
import { readTree, root } from '../../scripts/rules/read-packages.mjs';
import { fragments, literalsBehind } from './literals.js';
import { readPage } from './markdown.js';

/** emulator-errors.test.ts compares the section of the emulated device. */
const page = readPage('docs/reference/errors.md').replace(/^### The emulated device$.*?(?=^## )/ms, '');

/** The packages that a program uses: the SDK and the transports. Only tests use the emulator. */
const FOLDERS = ['sdk', 'transport', 'transport-hid', 'transport-usb', 'transport-serial', 'transport-socket'];
const sources = FOLDERS.flatMap((folder) =>
  Object.entries(readTree(join(root, 'packages', folder), 'src', /\.ts$/))
    .filter(([file]) => !file.includes('conformance'))
    .map(([, text]) => text),
);
const source = sources.join('\n');

/** The error of a device that is not released is ignored where it occurs, so no program gets it. */
const untold = 'was not released within';

/** Returns the cells of the table rows in a section, without the heads of the tables. */
function rows(section: string): string[][] {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? '';
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:code|outcome|reason) \|/.test(line));
  return lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** Returns the strings of a union type in the source. */
function members(file: string, type: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const union = new RegExp(`export type ${type} =(.*?);`, 's').exec(text)?.[1] ?? '';
  return [...union.replace(/\/\*\*.*?\*\//gs, '').matchAll(/'([\w-]+)'/g)].map(([, member]) => member!);
}

describe('docs/reference/errors.md names', () => {
  it('every result code, with its exit code', () => {
    const told = rows('Result codes').map(([code, exit]) => [code, Number(exit)]);
    expect(told).toEqual(
      expect.arrayContaining(Object.values(ResultCode).map((code) => [`\`${code}\``, exitCodeOf(code)])),
    );
    expect(told).toHaveLength(Object.keys(ResultCode).length);
  });

  it('every outcome', () => {
    const outcomes = members('packages/sdk/src/common/types.ts', 'Outcome');
    expect(outcomes).toHaveLength(5);
    expect(rows('Outcomes').map(([outcome]) => outcome)).toEqual(outcomes.map((outcome) => `\`${outcome}\``));
  });

  it('every reason, with its text', () => {
    const reasons = Object.values(Reason).sort((a, b) => a - b);
    const told = rows('Reasons of a refusal').map(([reason, text]) => [Number(reason), text]);
    expect(told).toEqual(reasons.map((reason) => [reason, describeReason(reason)]));
  });

  it('every code of a TransportError, and no other', () => {
    const codes = members('packages/transport/src/transport-error.ts', 'TransportErrorCode');
    expect(codes.length).toBeGreaterThan(5);
    const [meanings] = page.split(/^## Transport codes/m)[1]!.split('The messages, by code');
    const told = [...meanings!.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);
    expect(told).toEqual(codes);
    const used = [...page.matchAll(/^\| `.*` \| `([a-z-]+)` \|$/gm)].map(([, code]) => code);
    expect(new Set(used)).toEqual(new Set(codes));
  });

  it('only messages that the source has', () => {
    const quoted = [...page.matchAll(/^\| `([^`]{12,})`(?: \.\.\.)? \|/gm)].map(([, message]) => message!);
    expect(quoted.length).toBeGreaterThan(60);
    expect(quoted.flatMap((quote) => fragments(quote)).filter((part) => !source.includes(part))).toEqual([]);
  });

  it('every message that the source passes to a BlueTapError or a TransportError', () => {
    const given = sources.flatMap((text) => messagesOf(text));
    expect(given.length).toBeGreaterThan(40);
    const missing = given.filter(
      (message) => !fragments(message).some((part) => page.includes(part) || part === untold),
    );
    expect(missing).toEqual([]);
  });

  it('every string of every thrown error and of its helpers, and every rule of an option or a field', () => {
    const given = sources.flatMap((text) => literalsBehind(text, SAYS));
    expect(given.length).toBeGreaterThan(150);
    const missing = given.filter(
      (message) => fragments(message).some((part) => part.includes(' ')) && !isTold(message),
    );
    expect(missing).toEqual([]);
  });
});

/** The code that makes a message: an error, a string that is built for an error, and the rules that an error quotes. */
const SAYS =
  /\bnew (?:TypeError|RangeError|Error|BlueTapError|TransportError)\(|\bconst (?:text|what|silence|turn|wanted|others) =|\bmust: |\bRULES = \{|\b(?:add|fault|ended|wrong|disconnected|permissionDenied|busy|unplugged|notThere|noAnswer)\(/g;

/** True if the page has the message, or if no program can get the message. */
function isTold(message: string): boolean {
  return fragments(message).some((part) => page.includes(part) || part === untold);
}

/** Returns the messages in a source file, with "..." in the place of each inserted value. */
function messagesOf(text: string): string[] {
  const calls = /new (?:BlueTapError|TransportError)\(\s*(?:[\w.]+|'[\w-]+'),\s*(?:`((?:[^`\\]|\\.)*)`|'([^'\n]*)')/g;
  const texts = /const text = (?:`((?:[^`\\]|\\.)*)`|'([^'\n]*)')/g;
  return [calls, texts].flatMap((pattern) =>
    [...text.matchAll(pattern)]
      .map(([, template, plain]) => (template ?? plain ?? '').replace(/\$\{[^{}]*\}/g, '...'))
      .filter((message) => fragments(message).length > 0),
  );
}
