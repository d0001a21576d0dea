import { printable } from '@bluetap/transport/kit';
import { CONTROL_VARIABLE } from '../emulate/control.js';
import { ExitCode, Failure } from '../process/exit-code.js';

/** Where the control service is, and its token. */
export interface ControlAddress {
  readonly origin: string;
  readonly token: string;
}

/** What the service answered. */
export interface ControlAnswer {
  readonly ok: boolean;
  readonly body: unknown;
}

/**
 * Reads the address of a control service, as `emulate --control` prints it.
 * @param typed The value of `--control`; undefined means the environment variable BLUETAP_CONTROL.
 * @throws Failure (exit code 64) if it is missing or is not such an address.
 */
export function readControlAddress(typed: string | undefined): ControlAddress {
  const given = typed ?? process.env[CONTROL_VARIABLE];
  const where = typed === undefined ? CONTROL_VARIABLE : '--control';
  if (given === undefined || given === '') {
    throw new Failure(
      ExitCode.USAGE,
      `Say which emulated device: --control ADDRESS, or set ${CONTROL_VARIABLE}. "bluetap emulate --control" prints the address.`,
    );
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const token = new URLSearchParams(url?.hash.slice(1)).get('token');
  if (url?.protocol === 'http:' && token) return { origin: url.origin, token };
  throw new Failure(
    ExitCode.USAGE,
    `${where} must be the address that "bluetap emulate --control" prints, http://HOST:PORT/#token=TOKEN, but is ${printable(JSON.stringify(given))}.`,
  );
}

/**
 * Asks the control service.
 * @param parameters The body of a POST; undefined means a GET.
 * @throws Failure (exit code 3) if the service cannot be reached, or (1) if it answers something else.
 */
export async function askControl(
  { origin, token }: ControlAddress,
  path: string,
  parameters?: object,
): Promise<ControlAnswer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = parameters && { method: 'POST', body: JSON.stringify(parameters) };
  let response: Response;
  try {
    response = await fetch(`${origin}${path}`, { headers, ...body });
  } catch (cause) {
    const message = `${origin} cannot be reached: start "bluetap emulate --control", and give the address that it prints.`;
    throw new Failure(ExitCode.DEVICE_DISCONNECTED, message, { cause });
  }
  try {
    return { ok: response.ok, body: await response.json() };
  } catch (cause) {
    throw new Failure(ExitCode.FAILED, `${origin} is not a control service: it does not answer JSON.`, { cause });
  }
}
