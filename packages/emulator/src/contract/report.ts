import { callBack, printable } from '@bluetap/transport/kit';

/**
 * Receives an error that a function of the program (a listener, a behaviour, a peer) threw or rejected with. Never
 * throws, so no such error stops the device half-way or ends the process.
 * @param where The name of the function, for people: `onEvent`, `behaviour "late" onSend`.
 */
export type Report = (error: unknown, where: string) => void;

/**
 * @param name The name of the device, for people.
 * @param onError The function of the program. If the program has none, or if it fails itself, the error is printed with
 * `console.error`, so that the error is not lost.
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
    return 'the error cannot be converted to a string';
  }
}
