/** Returns hex in lower case, two digits for each byte, without separators. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * Reads hex in upper or lower case. Spaces and colons between bytes are allowed, because other tools print them.
 * @throws SyntaxError that names the wrong character and its position, or says that the last byte is not complete.
 */
export function parseHex(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    if (/[\s:]/.test(text[at]!)) {
      at++;
      continue;
    }
    for (const place of [at, at + 1]) {
      const character = text[place];
      if (character === undefined) throw new SyntaxError(`it ends in the middle of a byte, after "${text[at]}"`);
      if (!/[\da-f]/i.test(character)) {
        throw new SyntaxError(`${JSON.stringify(character)} at position ${place + 1} is not a hex digit`);
      }
    }
    bytes.push(Number.parseInt(text.slice(at, at + 2), 16));
    at += 2;
  }
  return Uint8Array.from(bytes);
}
