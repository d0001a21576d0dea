/** A PAY that the host is asked to send. */
export interface PayCall {
  readonly do: 'pay';
  readonly paymentMethod: string;
  readonly amount?: string | undefined;
  readonly orderId?: string | undefined;
  /** Seconds. */
  readonly expiryTime?: number | undefined;
  readonly timeoutMs: number;
}

/** A CANCEL that the host is asked to send. */
export interface CancelCall {
  readonly do: 'cancel';
  readonly orderId?: string | undefined;
  readonly timeoutMs: number;
}

/** A question of the program that changes nothing. `outcome` asks again about the latest command in doubt. */
export interface QuestionCall {
  readonly do: 'status' | 'outcome';
  readonly timeoutMs: number;
}

/** One call of a host, as its own program makes it. */
export type HostCall = PayCall | CancelCall | QuestionCall;

/** The arguments of a call, as `bluetap pay`, `cancel` and `status` take them. */
export function argumentsOf(call: HostCall): string[] {
  const { do: verb, timeoutMs, ...fields } = call;
  const typed = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, `${value}`],
  );
  return [verb, '--json', ...typed, '--timeout', `${timeoutMs}`];
}

/** The call as one line of JSON, for a host that takes a call a line. */
export function lineOf(call: HostCall): string {
  return `${JSON.stringify(call)}\n`;
}
