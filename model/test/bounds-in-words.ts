const count = (one: string, many: string) => (value: number) => `${value} ${value === 1 ? one : many}`;

/** How README.md writes each bound of the model. The keys are the switches of delivery.pml. */
const WORDS: Readonly<Record<string, (value: number) => string>> = {
  CALLS: count('call of A', 'calls of A'),
  COPIES: count('copy', 'copies'),
  HELLOS: count('HELLO', 'HELLOs'),
  CAPACITY: count('message on its way', 'messages on their way'),
  FAULTS: (value) => (value === 0 ? 'no NFC fault' : count('NFC fault', 'NFC faults')(value)),
  UNPLUGS: count('unplug', 'unplugs'),
  DEVICE_RESTARTS: count('restart of the device', 'restarts of the device'),
  HOST_RESTARTS: count('restart of A', 'restarts of A'),
  MOVES: count('change of connection', 'changes of connection'),
  LINKS: () => 'LINK',
  TAPS: count('tap', 'taps'),
  STATUSES: count('STATUS', 'STATUS requests'),
  LIES: count('broken rule', 'broken rules'),
  B_CONNECTION: (value) => (value === 0 ? 'host B on the connection of A' : 'host B on its own connection'),
  B_CALLS: count('command of B', 'commands of B'),
  B_COPIES: count('copy of B', 'copies of B'),
  B_HELLOS: count('session of B', 'sessions of B'),
};

/** The switches of delivery.pml that are bounds. */
export const BOUNDS: readonly string[] = Object.keys(WORDS);

/**
 * Writes one bound as README.md writes it.
 * @throws Error for a switch that has no words.
 */
export function boundInWords(name: string, value: number): string {
  const words = WORDS[name];
  if (!words) throw new Error(`the bound ${name} has no words: add it to bounds-in-words.ts and to README.md`);
  return words(value);
}
