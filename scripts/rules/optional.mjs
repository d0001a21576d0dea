// Checks that each optional property also accepts undefined. Without `| undefined`, the compiler option
// exactOptionalPropertyTypes refuses `{ orderId: maybe }`. Pure: takes source text, and returns complaints.

/** @param {string} file @param {string} text source, as biome formats it @returns {string[]} */
export function optionalComplaints(file, text) {
  const code = text.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(/\b(\w+)\?([:(])/g)].flatMap(({ 0: all, 1: name, 2: mark, index }) => {
    const [type, end] = upToEnd(code.slice(index + all.length));
    // A cast describes a value that other code made.
    if (/\bas \{ $/.test(code.slice(0, index))) return [];
    // A type that ends with a comma or a bracket belongs to a parameter. An optional parameter accepts undefined
    // anyway.
    const fine = mark === ':' && (end === ',' || end === ')' || /\b(?:undefined|unknown)$/.test(type));
    const line = code.slice(0, index).split('\n').length;
    return fine ? [] : [`${file}:${line} ${name} may be absent, but not undefined: add | undefined`];
  });
}

/**
 * Returns the text of a type, and the character that ends the type.
 * @param {string} text
 * @returns {[type: string, end: string]}
 */
function upToEnd(text) {
  let depth = 0;
  const plain = text.replace(/=>/g, '  ');
  for (let at = 0; at < plain.length; at++) {
    const character = plain.charAt(at);
    if (depth === 0 && ';,)}='.includes(character)) return [plain.slice(0, at).trim(), character];
    if ('([{<'.includes(character)) depth++;
    if (')]}>'.includes(character)) depth--;
  }
  return [plain.trim(), ''];
}
