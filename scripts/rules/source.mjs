// Finds the module specifiers in TypeScript or JavaScript source text. A small scanner is enough here. It can mistake
// text in a template for an import. Such a mistake causes a false alarm, and it never hides an import.

const stringOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;
const specifier = /\b(?:from|import|import\s*\(|require\s*\()\s*['"`]([^'"`\n]+)['"`]/g;

/**
 * Returns the specifiers of all imports (static, type-only, side-effect, dynamic and `require`) and of all re-exports.
 * @param {string} text
 * @returns {string[]}
 */
export function importsOf(text) {
  const code = text.replace(stringOrComment, (part) => (part.startsWith('/') ? ' ' : part));
  return [...code.matchAll(specifier)].map((match) => match[1] ?? '');
}

/** Returns '@a/b' for '@a/b/c', and 'b' for 'b/c'. @param {string} specifier */
export function packageNameOf(specifier) {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
