/** The titles of the sections that have charts. */
export const SECTION = {
  codec: 'Encoding and decoding a PayCommand',
  splitting: 'Splitting a stream into frames',
  startUp: 'Start-up',
  waiting: 'Calls that wait',
  kernel: 'Through a real kernel',
  targets: 'Targets',
} as const;

/** The names of the targets that charts show. */
export const TARGET = {
  encode: 'encode, times the best peer at equal duty',
  decode: 'decode, times the best peer at equal duty',
  importSdk: 'importing sdk, ms more than empty',
  pay: 'bluetap pay --transport emulator, ms more than empty',
  waiting: (way: string): string => `calls that wait, ${way}: cost of one of 20,000 beside one of 1,000`,
  kernel: 'pay() over HID through a kernel, times a bare write and read',
} as const;
