import { type EventHub, eventText } from './event-hub.js';

/** How many bytes may wait for a reader. After that, events are left out until it reads. */
const MOST_WAITING = 1_048_576;

/** How often a comment is sent, so that no proxy and no browser takes a quiet stream for a dead one. */
const KEEP_ALIVE_MS = 15_000;

const encoder = new TextEncoder();

/**
 * Makes the body of the event stream for one reader. It starts with `first`. A reader that is too slow loses events and is
 * told how many: it never holds more than a megabyte of memory, and never slows a device.
 * @param since The number of the last event that the reader has.
 */
export function eventStream(hub: EventHub, first: object, since: number): ReadableStream<Uint8Array> {
  let skipped = 0;
  let end = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (chunk: Uint8Array, count: number) => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(chunk);
          else skipped += count;
        };
        send(encoder.encode(eventText(first)), 1);
        const unwatch = hub.watch({ onEvents: send }, since);
        const timer = setInterval(() => send(encoder.encode(':\n\n'), 0), KEEP_ALIVE_MS);
        end = () => {
          clearInterval(timer);
          unwatch();
        };
      },
      pull(controller) {
        if (skipped === 0) return;
        controller.enqueue(encoder.encode(eventText({ event: 'skipped', count: skipped })));
        skipped = 0;
      },
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
  );
}
