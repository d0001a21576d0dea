import { callBack, printable } from '@bluetap/transport/kit';

/**
 * Where an error goes that a function of the program has thrown or rejected with: a listener, a behaviour, a peer. Never
 * throws, so that no such error stops the device half-way or ends the process.
 * @param where Which function it was, for people: `onEvent`, `behaviour "late" onSend`.
 */
export type Report = (error: unknown, where: string) => void;

/**
 * @param name Of the device, for people.
 * @param onError Of the program. Without one, or where it fails itself, the error is a line of console.error: it must not
 * vanish.
 */
export function reporter(name: string, onError: Report | undefined): Report {
  const print: Report = (error, where) => {
    // biome-ignore lint/suspicious/noConsole: the last resort, where a program gave no onError.
    console.error(printable(`${name}: ${where} failed: ${textOf(error)}`));
  };
  if (!onError) return print;
  return (error, where) =>
    callBack(
      () => onError(error, where),
      (failure) => {
        print(error, where);
        print(failure, 'onError');
      },
    );
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'with a value that cannot be shown';
  }
}
