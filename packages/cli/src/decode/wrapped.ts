/**
 * Cuts a text into lines of at most `width` characters, at its spaces. A word that is longer is cut itself.
 * @returns At least one line.
 */
export function wrapped(text: string, width: number): string[] {
  const shown: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => cut(each, width))) {
    if (shown.length + line.length > 0 && line.length + 1 + word.length > width) {
      shown.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...shown, line];
}

/** Cuts a word after every `width` characters. */
function cut(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_, at) => word.slice(at * width, (at + 1) * width));
}
