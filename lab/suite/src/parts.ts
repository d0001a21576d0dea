/** The parts of the suite, for two guests that take about the same time. The parts of the first half share devices. */
export const halves: readonly (readonly string[])[] = [
  ['paying', 'kernels-view', 'sharing', 'trouble', 'unplugging', 'device-rules'],
  // `conformance` has its own devices and comes last.
  ['clients', 'conformance'],
];

/** All parts in their order. */
export const parts: readonly string[] = halves.flat();
