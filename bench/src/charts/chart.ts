/** A chart of horizontal bars, all in one unit and on one scale that begins at zero. */
export interface Chart {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** What the length of a bar is, which end is better, and what the other marks are. */
  readonly note: string;
  readonly groups: readonly Group[];
  /** The main figures in one or two sentences: the alternative text of the image in a page. */
  readonly alt: string;
}

/** Bars that are compared with each other. */
export interface Group {
  readonly heading: string;
  /** The target in words, when one counts for the group. */
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
  /** Whether it shows this project, and not what it is compared with. */
  readonly ours: boolean;
  /** Drawn as a line from the lowest to the highest round. */
  readonly range?: Range | undefined;
  /** Where the target is, for a bar that has one. */
  readonly target?: number | undefined;
}

/** How far the rounds of one measurement lie apart. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
  /** Both, as the table prints them. */
  readonly figure: string;
}

/** Whether a row of a table is one of this project's packages. */
export const isOurs = (name: string): boolean => name.startsWith('@bluetap/');
