// One word for one thing, docs/glossary.md. Pure: text in, complaints out.

/** Names that code had once, and the word that took their place. @type {Readonly<Record<string, string>>} */
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

/** Phrases that a reader whose second language is English stops at. @type {Readonly<Record<string, string>>} */
export const oldPhrases = {
  'NFC link': 'payment link',
  'live link': 'live payment link',
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
    return `${file}:${line} says "${plain}"; docs/glossary.md has another word: ${oldNames[plain] ?? oldPhrases[plain]}`;
  });
}

/**
 * Names that two files export and mean something else by; a type and a value of one name in one file are one thing.
 * @param {Readonly<Record<string, string>>} files texts by path
 * @param {readonly string[]} alike names that are the same thing in each of several files
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
