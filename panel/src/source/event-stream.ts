/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** The number of the event, if it has one. */
  readonly id?: number | undefined;
  /** The lines `data:`, joined by line feeds. */
  readonly data: string;
}

/** Splits the text of a stream of server-sent events. Text can be cut at any place. */
export class EventSplitter {
  #rest = '';

  /** Takes the next piece of text. Returns the events that are complete with it. */
  push(text: string): ServerEvent[] {
    const blocks = (this.#rest + text).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

function eventOf(block: string): ServerEvent | undefined {
  const data: string[] = [];
  let id: number | undefined;
  for (const line of block.split('\n')) {
    // A line that starts with a colon is a comment: it keeps the stream open.
    const found = /^(data|id): ?(.*)$/.exec(line);
    if (found?.[1] === 'data') data.push(found[2]!);
    else if (found?.[1] === 'id') id = Number(found[2]);
  }
  return data.length === 0 ? undefined : { id, data: data.join('\n') };
}
