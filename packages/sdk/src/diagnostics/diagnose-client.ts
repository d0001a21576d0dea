import type { Client } from '../client/client.js';
import type { ClientEvents } from '../client/client-events.js';
import type { LogFields, Logger } from '../common/logger.js';
import { type ClientMessage, channels, type LogMessage } from './channels.js';

const EVENTS = ['connected', 'disconnected', 'link', 'resolved'] as const satisfies (keyof ClientEvents)[];

/**
 * Publishes the events of a client on its channels.
 * @returns The function that stops this.
 */
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
 * Returns a logger for `ClientOptions.logger`. It publishes the log lines of the client, which include the result of
 * each call, and passes them on to another logger. The client redacts amounts and order ids in these lines unless it
 * has the option `redact: false`.
 */
export function diagnosticLogger(next?: Logger): Logger {
  const log = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    if (channels.log.hasSubscribers)
      channels.log.publish({ level, message, fields: { ...fields } } satisfies LogMessage);
    // The result is returned to the client, which handles a promise that rejects.
    return next?.[level](message, fields);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
