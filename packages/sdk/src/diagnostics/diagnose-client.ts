import type { Client } from '../client/client.js';
import type { ClientEvents } from '../client/client-events.js';
import type { LogFields, Logger } from '../common/logger.js';
import { type ClientMessage, channels, type LogMessage } from './channels.js';

const EVENTS = ['connected', 'disconnected', 'link', 'resolved'] as const satisfies (keyof ClientEvents)[];

/** Publishes the events of a client on its channels; returns the function that stops it. */
export function diagnoseClient(client: Client): () => void {
  const stops = EVENTS.map((name) =>
    client.on(name, (event) => {
      if (channels[name].hasSubscribers) channels[name].publish({ client, event } satisfies ClientMessage);
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * A logger for `ClientOptions.logger` that publishes what it is told, among it what became of each call, and passes it on
 * to another one. The client redacts amounts and order ids in it unless it is made with `redact: false`.
 */
export function diagnosticLogger(next?: Logger): Logger {
  const log = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    if (channels.log.hasSubscribers)
      channels.log.publish({ level, message, fields: { ...fields } } satisfies LogMessage);
    // What it gives goes to the client, which sees to it that a promise that fails ends no program.
    return next?.[level](message, fields);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
