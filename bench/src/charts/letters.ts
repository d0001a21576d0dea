/** How wide the letters of wide system fonts are on average, as a part of the font's size. */
const LETTER = { regular: 0.54, bold: 0.65 } as const;

/** How wide a text is, in the unit of the font's size. No font is at hand here, so this is an estimate on the wide side. */
export function widthOf(text: string, size: number, weight: keyof typeof LETTER = 'regular'): number {
  return text.length * size * LETTER[weight];
}

/** A text in lines that are at most so wide, broken between words. A word that is wider stays whole. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
