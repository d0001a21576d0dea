// Finds the module specifiers in TypeScript or JavaScript text. A small scanner is enough here: what it could mistake for
// an import (text in a template that looks like one) shows up as a false alarm, never as a silent miss.

const stringOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;
const specifier = /\b(?:from|import|import\s*\(|require\s*\()\s*['"`]([^'"`\n]+)['"`]/g;

/**
 * Static, type-only, side-effect, dynamic and `require` imports, and re-exports.
 * @param {string} text
 * @returns {string[]}
 */
export function importsOf(text) {
  const code = text.replace(stringOrComment, (part) => (part.startsWith('/') ? ' ' : part));
  return [...code.matchAll(specifier)].map((match) => match[1] ?? '');
}

/** '@a/b/c' and 'b/c' become '@a/b' and 'b'. @param {string} specifier */
export function packageNameOf(specifier) {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
