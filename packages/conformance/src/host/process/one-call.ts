import { readFacts, type ToldFacts } from '../contract/facts.js';
import { argumentsOf, type HostCall } from '../contract/host-call.js';
import { HostProcess, type ProcessEnd } from './host-process.js';
import { OutputTail } from './output-tail.js';

/** What came of one start of the host. */
export interface CallEnd extends ProcessEnd {
  /** The result that the host printed. Undefined if it printed none. */
  readonly facts: ToldFacts | undefined;
}

/** What a start of the host needs. */
export interface StartOptions {
  readonly command: readonly string[];
  /** The value of BLUETAP_TRANSPORT. */
  readonly transport: string;
  /** The longest time that the host may take, in milliseconds. Then it is killed. */
  readonly limitMs: number;
  /** Kills the host when it is aborted. */
  readonly signal: AbortSignal;
}

/** Starts the host once for one call, with the arguments of `bluetap`. Never rejects. */
export async function oneCall({ command, transport, limitMs, signal }: StartOptions, call: HostCall): Promise<CallEnd> {
  const host = new HostProcess([...command, ...argumentsOf(call)], transport, false);
  const { child } = host;
  const tooMuch = () => host.kill('output');
  const stdout = child?.stdout ? new OutputTail(child.stdout, tooMuch) : undefined;
  if (child?.stderr) new OutputTail(child.stderr, tooMuch);
  const timer = setTimeout(() => host.kill('time'), limitMs);
  const stop = () => host.kill('stopped');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const end = await host.ended;
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  return { ...end, facts: readFacts(stdout?.lastLine) };
}
