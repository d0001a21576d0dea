import { callBack } from '@bluetap/transport/kit';

/** Where the SDK tells what it does. `console` fits. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, unknown>>;

const PRIVATE = ['amount', 'orderId'];

/**
 * The logger that the SDK itself uses: redacts amounts and order ids unless asked not to, and keeps a logger that
 * throws or rejects from touching a payment. Undefined where nobody listens, so that a line that nobody reads is not made either.
 */
export function guardedLogger(logger: Logger | undefined, redact: boolean): Logger | undefined {
  if (!logger) return undefined;
  const log = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    callBack(
      () => logger[level](message, fields && redact ? redacted(fields) : fields),
      // A log line is not worth a payment.
      () => {},
    );
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

function redacted(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      PRIVATE.includes(name) && value !== undefined ? '[redacted]' : value,
    ]),
  );
}
