/** The average width of a letter of a wide system font, as a part of the font size. */
const LETTER = { regular: 0.54, bold: 0.65 } as const;

/** Returns the width of a text in the unit of the font size. This is an estimate and rather too wide. */
export function widthOf(text: string, size: number, weight: keyof typeof LETTER = 'regular'): number {
  return text.length * size * LETTER[weight];
}

/** Breaks a text between words into lines of at most the given width. A word that is wider stays whole. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
