import pc from 'picocolors';

/** Answers go to stdout, and what a person should know besides to stderr, so that either can be read by a program. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

type Colors = ReturnType<typeof pc.createColors>;

/** Colours for one stream: none unless a person sees it in a terminal that has them and does not mind (NO_COLOR). */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors());
}

/** Rows of a name and a value, the values in one column; a value can have several lines. */
export function table(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const next = `\n${' '.repeat(width + 4)}`;
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.replaceAll('\n', next)}`).join('\n');
}

export function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}
