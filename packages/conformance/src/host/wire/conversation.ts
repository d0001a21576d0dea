import type { Message } from '@bluetap/protocol';
import type { RuleId } from '../../rules/rules.js';
import type { Breach } from '../contract/breach.js';
import type { LogEntry } from '../contract/log.js';
import type { HostFrame } from './host-frames.js';
import { type Item, readLog } from './read-log.js';
import { WireJudge } from './wire-judge.js';

/** A text of a conversation has at most this many groups of frames. */
const MOST_NAMES = 12;

type RequestName = 'HELLO' | 'PAY' | 'CANCEL' | 'STATUS';

/** What one host and the device have sent, as the rules see it. */
export class Conversation {
  readonly items: readonly Item[];
  /** The rules of the wire that the host did not keep. */
  readonly breaches: readonly Breach[];

  constructor(log: readonly LogEntry[]) {
    this.items = readLog(log);
    this.breaches = new WireJudge(this.items).breaches;
  }

  /** The requests of one type, every copy, in their order. */
  requests(type?: RequestName): readonly HostFrame[] {
    return this.items.filter(
      (item): item is HostFrame =>
        item.kind === 'frame' && item.message !== undefined && (type === undefined || item.message.type === type),
    );
  }

  /** The messages of one type that the device has sent. */
  replies(type: Message['type']): readonly Message[] {
    return this.items.flatMap((item) => (item.kind === 'message' && item.message.type === type ? [item.message] : []));
  }

  /** The frames of the host in words: `HELLO, 3 PAY, HELLO`. */
  get text(): string {
    const names: { name: string; count: number }[] = [];
    for (const item of this.items) {
      if (item.kind !== 'frame') continue;
      const name = item.message?.type ?? (item.frame ? `a frame of type ${item.frame.type.toString(16)}` : 'noise');
      const last = names.at(-1);
      if (last?.name === name) last.count++;
      else names.push({ name, count: 1 });
    }
    const shown = names.slice(0, MOST_NAMES).map(({ name, count }) => (count > 1 ? `${count} ${name}` : name));
    if (names.length > MOST_NAMES) shown.push('...');
    return shown.join(', ') || 'nothing';
  }
}

/** The host must have sent this number of requests of a type, every copy counted. */
export function copiesAre(rule: RuleId, type: RequestName, wanted: number): (conversation: Conversation) => Breach[] {
  return (conversation) => {
    const { length } = conversation.requests(type);
    return length === wanted ? [] : [{ rule, text: `sent ${type} ${times(length)}, and ${times(wanted)} is right` }];
  };
}

/** The host must have sent a number of HELLOs in these bounds. */
export function hellosAre(rule: RuleId, least: number, most: number): (conversation: Conversation) => Breach[] {
  return (conversation) => {
    const { length } = conversation.requests('HELLO');
    const due = least === most ? times(most) : `${least} to ${most} times`;
    return length >= least && length <= most
      ? []
      : [{ rule, text: `sent HELLO ${times(length)}, and ${due} is right` }];
  };
}

function times(count: number): string {
  return count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;
}

/** Every rule of the given checks must hold. */
export function all(
  ...checks: readonly ((conversation: Conversation) => readonly Breach[])[]
): (conversation: Conversation) => readonly Breach[] {
  return (conversation) => checks.flatMap((check) => check(conversation));
}
