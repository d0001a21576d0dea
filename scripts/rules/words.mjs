// Checks that each thing has one word, as docs/glossary.md says. Pure: takes text, and returns complaints.

/** The names that the code had before, and the word that replaces each. @type {Readonly<Record<string, string>>} */
export const oldNames = {
  Link: 'Channel',
  LinkHandlers: 'ChannelHandlers',
  QueuedLink: 'QueuedChannel',
  LinkContext: 'ChannelContext',
  LinkObserver: 'ChannelObserver',
  NfcLink: 'PaymentLink',
  LinkState: 'PaymentLinkState',
  LINK_STATES: 'PAYMENT_LINK_STATES',
  LinkStatus: 'PaymentLinkStatus',
  LinkEvent: 'PaymentLinkEvent',
  LinkCause: 'PaymentLinkCause',
  LinkChange: 'LinkMessage, or SessionChange in the command line',
  Door: 'Listener, or UsbFunction',
  DoorKind: 'FunctionName, or ListenerKind in the command line',
  UsbDoor: 'UsbFunction',
  door: 'connection, listener, or function of USB',
  doors: 'connections, listeners, or functions of USB',
  PortConnection: 'Connection',
  Face: 'Snapshot',
  face: 'snapshot',
  faces: 'snapshots',
  till: 'POS',
  tills: 'POS programs',
  Till: 'Pos',
  hint: 'change, or advice',
  hints: 'changes, or advice',
  HintMessage: 'ChangeMessage',
  SessionKeeper: 'HostSessions, or DeviceSessions',
};

/**
 * Phrases that a reader with English as a second language does not understand easily, and their replacements.
 * @type {Readonly<Record<string, string>>}
 */
export const oldPhrases = {
  'NFC link': 'payment link',
  'live link': 'live payment link',
  'nfc link': 'payment link',
  'in vain': 'without success',
  'no licence to': 'no reason to',
  "nobody's news": 'not reported',
  anew: 'again, or new',
  whoever: 'the program that',
  'of itself': 'by itself',
};

const found = new RegExp(
  `(?<![\\w$-])(?:${[...Object.keys(oldNames), ...Object.keys(oldPhrases)].map((word) => word.replace(' ', '\\s+(?:[/*]+\\s+)?')).join('|')})(?![\\w$])`,
  'g',
);

/** @param {string} file @param {string} text @returns {string[]} */
export function wordComplaints(file, text) {
  return [...text.matchAll(found)].map(({ 0: word, index }) => {
    const line = text.slice(0, index).split('\n').length;
    const plain = word.replace(/\s[\s/*]*/, ' ');
    return `${file}:${line} says "${plain}". Use the word of docs/glossary.md: ${oldNames[plain] ?? oldPhrases[plain]}`;
  });
}

/**
 * Finds names that two files export with different meanings. A type and a value with the same name in the same file are
 * one thing.
 * @param {Readonly<Record<string, string>>} files the content of each file by its path
 * @param {readonly string[]} alike names that mean the same thing in several files
 * @returns {string[]}
 */
export function nameComplaints(files, alike) {
  /** @type {Map<string, Set<string>>} */
  const places = new Map();
  const declared = /^export (?:async |abstract |declare )*(?:interface|type|class|function|const|enum) (\w+)/gm;
  for (const [file, text] of Object.entries(files)) {
    for (const [, name] of text.matchAll(declared))
      places.set(name ?? '', (places.get(name ?? '') ?? new Set()).add(file));
  }
  return [...places]
    .filter(([name, where]) => where.size > 1 && !alike.includes(name))
    .map(([name, where]) => `${name} is exported by ${[...where].join(' and ')}: one name has one meaning`);
}
