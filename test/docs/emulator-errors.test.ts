import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree, root } from '../../scripts/rules/read-packages.mjs';
import { fragments, literalsBehind } from './literals.js';
import { readPage } from './markdown.js';

const files = Object.values(readTree(join(root, 'packages/emulator'), 'src', /\.ts$/));
const section = readPage('docs/reference/errors.md').split('### The emulated device')[1]?.split(/^## /m)[0] ?? '';
/** The messages in the rows that also say what to do. */
const quotes = [...section.matchAll(/^\| `([^`]+)`[^|]*\| .+ \|$/gm)].map(([, quote]) => quote!);

describe('docs/reference/errors.md has', () => {
  it('every message of an error that the emulator throws, and what to do', () => {
    const given = files.flatMap((text) => [...messagesOf(text), ...rowsOfCodes(text)]);
    expect(given.length).toBeGreaterThan(40);
    const missing = given.filter((message) => !quotes.some((quote) => holds(message, fragments(quote))));
    expect(missing).toEqual([]);
  });

  it('no message that the emulator does not have', () => {
    expect(quotes.length).toBeGreaterThan(40);
    const source = files.join('\n');
    const unsaid = quotes.filter((quote) => !fragments(quote).every((part) => source.includes(part)));
    expect(unsaid).toEqual([]);
  });
});

describe('the test finds the messages of', () => {
  it.each([
    ["throw new TypeError('give a number');", ['give a number']],
    [
      `new TransportError(\n  code,\n  \`\${it} is held: \${close(\`x\`)} it\`,\n  { cause },\n)`,
      ['... is held: ... it'],
    ],
    [
      `const text = late\n  ? 'it came late'\n  : \`nothing of \${one} came\`;\nfail(new Error(text));`,
      ['it came late', 'nothing of ... came'],
    ],
    [`const TEXT = 'it is none';\nthrow new RangeError(\`what it is (\${TEXT})\`);`, ['what it is (...)']],
  ])('%j', (code, messages) => {
    expect(messagesOf(code)).toEqual(messages);
  });

  it.each(["new BlueTapError('PROCESS_FAIL', why, { cause })", "new URL('what is here')"])('none of %j', (code) => {
    expect(messagesOf(code)).toEqual([]);
  });
});

/**
 * True if a message has all these parts, in this order. A page can omit the end of a message and its inserted values.
 */
function holds(message: string, parts: readonly string[]): boolean {
  let from = 0;
  return parts.every((part) => {
    const at = message.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
}

/** The code that makes an error: the call of its constructor, or a message that is built before the call. */
const SAYS = /\bnew \w*Error\(|\bconst (?:text|message) =/g;

/**
 * Returns the messages of the errors that a source file makes. A single word is a code or a name, and not a message.
 */
function messagesOf(text: string): string[] {
  return literalsBehind(text, SAYS).filter((message) => message.includes(' ') && fragments(message).length > 0);
}

/**
 * Returns the messages for the codes of the system: table rows with a code of ours, and strings that a function
 * returns.
 */
function rowsOfCodes(text: string): string[] {
  return [...text.matchAll(/: \['[-\w]+', '([^']+)'\]|'(not permitted[^']*)'|`(not permitted[^`]*)`/g)].map(
    ([, row, plain, template]) => (row ?? plain ?? template!).replace(/\$\{[^{}]*\}/g, '...'),
  );
}
