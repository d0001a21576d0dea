/** A chart of horizontal bars, all in one unit and on one scale that begins at zero. */
export interface Chart {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** Says what the length of a bar means, which end is better, and what the other marks mean. */
  readonly note: string;
  readonly groups: readonly Group[];
  /** The main figures in one or two sentences: the alternative text of the image in a page. */
  readonly alt: string;
}

/** A group of bars that are compared with each other. */
export interface Group {
  readonly heading: string;
  /** The target in words, if the group has one. */
  readonly target?: string | undefined;
  readonly bars: readonly Bar[];
}

/** One figure. */
export interface Bar {
  readonly label: string;
  /** The length. */
  readonly value: number;
  /** The figure as the table prints it. */
  readonly figure: string;
  /** True if the bar shows this project, and not a peer. */
  readonly ours: boolean;
  /** The lowest and the highest round. They are drawn as a line. */
  readonly range?: Range | undefined;
  /** The target of the bar, if it has one. */
  readonly target?: number | undefined;
}

/** The range of the rounds of one measurement. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
  /** Both figures, as the table prints them. */
  readonly figure: string;
}

/** Returns true if a row of a table is a package of this project. */
export const isOurs = (name: string): boolean => name.startsWith('@bluetap/');
