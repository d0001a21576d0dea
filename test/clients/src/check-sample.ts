import { runToEnd } from '../../../lab/dist/run-to-end.js';
import { bluetap } from './languages.js';
import type { Sample } from './samples.js';
import type { StepResult } from './step.js';

/** An address at which nothing listens. */
const NOBODY = 'tcp://127.0.0.1:1';

/** The events of the device that this file reads. */
interface LoggedEvent {
  readonly event: string;
  readonly cause?: string;
  readonly direction?: string;
  readonly message?: { readonly type: string; readonly paymentMethod?: string };
  readonly snapshot?: { readonly paymentMethod?: string };
}

/**
 * Runs a sample at an emulated device over TCP, and again without a device. Compares with the log of the device: the
 * PAYs that it executed, and the PAYs that it received.
 */
export async function checkSample(sample: Sample, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<StepResult> {
  const emulate = [...bluetap, 'emulate', '--tcp', '127.0.0.1:0', '--json', '--', ...sample.command];
  const paid = await runToEnd(emulate, { env, signal });
  const log = eventsOf(paid.stderr);
  const executed = log
    .filter(({ event, cause }) => event === 'state' && cause === 'pay')
    .map(({ snapshot }) => snapshot?.paymentMethod);
  const received = log
    .filter(({ direction, message }) => direction === 'in' && message?.type === 'PAY')
    .map(({ message }) => message?.paymentMethod);
  const alone = await runToEnd(sample.command, { env: { ...env, BLUETAP_TRANSPORT: NOBODY }, signal });
  return judge([
    ['the sample ends with 0', paid.code === 0, `it ended with ${paid.code}: ${paid.stdout}${paid.stderr}`],
    ['the device executes its PAYs', same(executed, sample.pays), `it executed ${executed}`],
    ['nothing else is sent', same(received, sample.pays), `it received ${received}`],
    [
      `without a device the sample ends with ${sample.exitCodeWithoutDevice}`,
      alone.code === sample.exitCodeWithoutDevice,
      `it ended with ${alone.code}: ${alone.stderr}`,
    ],
    ['without a device the sample says so', /device/.test(alone.stderr), `it printed: ${alone.stderr}`],
  ]);
}

/** Some lines are of the sample itself. */
function eventsOf(stderr: string): LoggedEvent[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{"event":'));
  return lines.map((line) => JSON.parse(line) as LoggedEvent);
}

function same(left: readonly unknown[], right: readonly unknown[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function judge(checks: readonly (readonly [name: string, held: boolean, found: string])[]): StepResult {
  const failed = checks.filter(([, held]) => !held);
  return {
    passed: checks.length - failed.length,
    failed: failed.length,
    output: failed.map(([name, , found]) => `not so: ${name}. ${found}`).join('\n'),
  };
}
