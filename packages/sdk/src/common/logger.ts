import { callBack } from '@bluetap/transport/kit';

/** Receives the log lines of the SDK. `console` is a valid logger. */
export interface Logger {
  /** Details that help to find a fault: dropped frames, failed attempts to open a session. */
  debug(message: string, fields?: LogFields): void;
  /** Normal events: a session, a change of the payment link, a command that the device executed. */
  info(message: string, fields?: LogFields): void;
  /** Events that a person should know: a lost device, a command in doubt, a command that did not succeed. */
  warn(message: string, fields?: LogFields): void;
  /** A fault in the program that uses the SDK: an event listener that throws or rejects. */
  error(message: string, fields?: LogFields): void;
}
/** The values of a log line, by name. Amounts and order ids are redacted unless `redact` is false. */
export type LogFields = Readonly<Record<string, unknown>>;

const PRIVATE = ['amount', 'orderId'];

/**
 * The logger that the SDK uses inside. It redacts amounts and order ids unless `redact` is false. An error or a
 * rejection of the program's logger does not affect a payment.
 * @returns Undefined if there is no logger, so that the SDK does not create lines that no program reads.
 */
export function guardedLogger(logger: Logger | undefined, redact: boolean): Logger | undefined {
  if (!logger) return undefined;
  const log = (level: keyof Logger) => (message: string, fields?: LogFields) => {
    callBack(
      () => logger[level](message, fields && redact ? redacted(fields) : fields),
      // A failed log line must not stop a payment.
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
