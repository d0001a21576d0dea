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

/** Cuts a text after every `width` characters, and keeps its spaces. Returns at least one line. */
export function cut(text: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / width));
  return Array.from({ length: count }, (_, at) => text.slice(at * width, (at + 1) * width));
}
