import { callBack } from '@bluetap/transport/kit';

/** Where the SDK tells what it does. `console` fits. */
export interface Logger {
  /** What helps to find a fault: frames that were dropped, attempts to open a session that failed. */
  debug(message: string, fields?: LogFields): void;
  /** What happens in normal work: a session, a change of the payment link, a command that the device executed. */
  info(message: string, fields?: LogFields): void;
  /** What a person should know of: a lost device, a command in doubt, a command that did not succeed. */
  warn(message: string, fields?: LogFields): void;
  /** A fault in the program that uses the SDK: a listener that throws or rejects. */
  error(message: string, fields?: LogFields): void;
}
/** The values that a log line speaks of, by their names. Amounts and order ids are redacted unless `redact` is false. */
export type LogFields = Readonly<Record<string, unknown>>;

const PRIVATE = ['amount', 'orderId'];

/**
 * The logger that the SDK itself uses: redacts amounts and order ids unless asked not to, and keeps a logger that
 * throws or rejects from touching a payment. Undefined without a logger, so that a line that is not read is not
 * made either.
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
