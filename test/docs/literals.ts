/**
 * Returns the position of the bracket that closes the bracket before `at`. If there is no such bracket, returns the
 * position where the statement ends.
 */
function endOf(code: string, at: number): number {
  for (let depth = 0, here = at; here < code.length; here++) {
    const character = code.charAt(here);
    if ("'`".includes(character)) here = endOfLiteral(code, here);
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth < 0) return here;
    else if (character === ';' && depth === 0) return here;
  }
  return code.length;
}

/** Returns the position of the closing quote of the literal that begins at `at`. */
function endOfLiteral(code: string, at: number): number {
  const quote = code.charAt(at);
  for (let here = at + 1; here < code.length; here++) {
    if (code.charAt(here) === '\\') here++;
    else if (code.charAt(here) === quote) return here;
    else if (quote === '`' && code.startsWith('${', here)) here = endOf(code, here + 2);
  }
  return code.length;
}

/**
 * Returns the strings and templates in a part of a source file, also the strings inside templates. "..." is in the
 * place of each inserted value.
 */
function literalsIn(code: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < code.length; at++) {
    if (!"'`".includes(code.charAt(at))) continue;
    const end = endOfLiteral(code, at);
    let text = '';
    for (let here = at + 1; here < end; here++) {
      if (code.charAt(at) === '`' && code.startsWith('${', here)) {
        const close = endOf(code, here + 2);
        found.push(...literalsIn(code.slice(here + 2, close)));
        text += '...';
        here = close;
      } else if (code.charAt(here) === '\\') text += code.charAt(++here);
      else text += code.charAt(here);
    }
    found.push(text);
    at = end;
  }
  return found;
}

/**
 * Returns the literals after each match of `pattern`, up to the end of the call or statement that the match opens.
 * @param source A formatted source file. Its comments are ignored.
 */
export function literalsBehind(source: string, pattern: RegExp): string[] {
  const code = source.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/[^\n]*/gm, '');
  return [...code.matchAll(pattern)].flatMap(({ 0: all, index }) => {
    const start = index + all.length;
    return literalsIn(code.slice(start, endOf(code, start)));
  });
}

/**
 * Returns the constant parts of a message: the parts between the "...". Short parts are left out, because a search
 * would find them in other texts too.
 */
export function fragments(message: string): string[] {
  return message
    .split('...')
    .map((part) => part.split('`')[0]!.replace(/\\$/, '').trim())
    .filter((part) => part.length >= 8);
}
